import { OwnSystem } from '@wiber/harness';
import { check, type Verdict } from '../checker/checker.ts';
import { observe } from '../evidence/observe.ts';
import { whyUnsettled } from '../evidence/settling.ts';
import { makeHookFolder } from '../mutations/hook.folder.ts';
import { mutationEnvironment } from '../mutations/mutation.environment.ts';
import type { Mutant } from '../mutations/mutation.ts';
import { serversOf } from '../servers.of.ts';
import type { Progress } from '../progress.ts';
import { subjectOf } from '../subject.ts';
import { leaseEnvironment, workersOf } from '../workers.ts';
import { ScenarioContext, type ScenarioSystem } from './scenario.context.ts';
import { scenarioOf } from './scenarios.ts';

export interface MutantResult {
  mutant: string;
  description: string;
  /** The summary of its scenario. */
  scenario: string;
  /** False in a control run: the same scenario without the bug. */
  mutated: boolean;
  seconds: number;
  verdicts: Verdict[];
}

/** The broken promises, the one with the smallest witness first. */
export const brokenPromises = ({ verdicts }: MutantResult): Verdict[] =>
  verdicts
    .filter(({ broken }) => broken > 0)
    .sort((a, b) => JSON.stringify(a.smallest).length - JSON.stringify(b.smallest).length);

/** Runs the scenario of a mutant on a running system, and checks what it left behind. */
export const runScenario = async (mutant: Mutant, system: ScenarioSystem, progress: Progress): Promise<Verdict[]> => {
  const scenario = scenarioOf(mutant);
  const context = new ScenarioContext(system, scenario.workers);
  try {
    progress.follow(context.recorder);
    progress.showPhase(`${mutant.name}: running`);
    await scenario.run(context);
    progress.showPhase(`${mutant.name}: settling`);
    const unsettled = await whyUnsettled(system.subject, scenario.settleMs);
    progress.showPhase(`${mutant.name}: reading`);
    return check(await observe(system.subject, context.recorder, { ...(await context.facts()), unsettled }));
  } finally {
    await context.close();
  }
};

const urlOf = ({ run }: OwnSystem, instance: string): string => {
  const url = run.apps.find((app) => app.instance === instance)?.url;
  if (url === undefined) throw new Error(`this system runs no ${instance}`);
  return url;
};

/** Starts a system with the mutant's bug, or without it, and runs the mutant's scenario on it. */
export const runMutant = async (
  mutant: Mutant,
  { without, progress }: { without: boolean; progress: Progress },
): Promise<MutantResult> => {
  const startedAt = performance.now();
  const { summary, counts, workers, links = false, mutations = [] } = scenarioOf(mutant);
  progress.follow(undefined);
  progress.showPhase(`${mutant.name}${without ? ', without the bug' : ''}: starting`);
  const hookFolder = makeHookFolder();
  const mutated = mutationEnvironment([...mutations, ...(without ? [] : [mutant.name])], hookFolder);
  const env = { ...mutated, ...(workers ? leaseEnvironment(workers) : {}) };
  const settableClocks = mutant.needs === 'clocks' ? serversOf(counts) : [];
  const own = await OwnSystem.start(counts, { env, links, settableClocks });
  try {
    const system: ScenarioSystem = {
      subject: subjectOf(own),
      gateways: own.urlsOf('gateway'),
      urlOf: (instance) => urlOf(own, instance),
      tell: (operation, name) => own.tell(operation, name),
      workers: workersOf(own),
      links: own,
      setClock: (server, ms) => own.setClock(server, ms),
      hookFolder,
    };
    const verdicts = await runScenario(mutant, system, progress);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const { name, description } = mutant;
    return { mutant: name, description, scenario: summary, mutated: !without, seconds, verdicts };
  } finally {
    await own.close();
  }
};
