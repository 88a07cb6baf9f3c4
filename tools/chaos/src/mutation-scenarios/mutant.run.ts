import { OwnSystem } from '@wiber/harness';
import { check, type Verdict } from '../checker/checker.ts';
import { observe, untilSettled } from '../evidence/observe.ts';
import { environmentOf } from '../mutations/mutation.environment.ts';
import type { Bug } from '../mutations/mutants.ts';
import type { Progress } from '../progress.ts';
import { subjectOf } from '../subject.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { Stage, type Ground } from './scenario.context.ts';

export interface PlantedResult {
  bug: string;
  says: string;
  how: string;
  /** False for a control run: the same steps without the bug. */
  planted: boolean;
  seconds: number;
  verdicts: Verdict[];
}

/** Those that were broken, the one with the smallest witness first. */
export const caughtBy = ({ verdicts }: PlantedResult): Verdict[] =>
  verdicts
    .filter(({ broken }) => broken > 0)
    .sort((a, b) => JSON.stringify(a.smallest).length - JSON.stringify(b.smallest).length);

export const scenarioOf = ({ name }: Bug): Scenario => {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`nothing brings ${name} to light: it has no scenario`);
  return scenario;
};

/** Plays the scenario of a bug on a system that runs, and checks what came of it. */
export const play = async (bug: Bug, ground: Ground, progress: Progress): Promise<Verdict[]> => {
  const stage = new Stage(ground);
  try {
    progress.follow(stage.recorder);
    progress.phase(`${bug.name}: acting`);
    await scenarioOf(bug).steps(stage);
    progress.phase(`${bug.name}: settling`);
    await untilSettled(ground.subject);
    progress.phase(`${bug.name}: reading`);
    return check(await observe(ground.subject, stage.recorder, stage.poison.rows));
  } finally {
    await stage.close();
  }
};

/** Plays the scenario of a bug on a system of its own, with the bug or without it. */
export const runPlanted = async (
  bug: Bug,
  { without, progress }: { without: boolean; progress: Progress },
): Promise<PlantedResult> => {
  const began = performance.now();
  const { how, counts } = scenarioOf(bug);
  progress.follow(undefined);
  progress.phase(`${bug.name}${without ? ' left out' : ''}: starting`);
  const system = await OwnSystem.start(counts, { env: without ? {} : environmentOf([bug.name]) });
  try {
    const ground: Ground = {
      subject: subjectOf(system),
      gateways: system.urlsOf('gateway'),
      tell: (op, name) => system.tell(op, name),
    };
    const verdicts = await play(bug, ground, progress);
    const seconds = Math.round((performance.now() - began) / 1000);
    return { bug: bug.name, says: bug.says, how, planted: !without, seconds, verdicts };
  } finally {
    await system.close();
  }
};
