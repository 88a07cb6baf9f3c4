import { OwnSystem } from '@wiber/testing';
import { check, type Verdict } from '../checker/checker.ts';
import { observe, untilSettled } from '../evidence/observe.ts';
import { environmentOf } from '../plant/plant.environment.ts';
import type { Bug } from '../plant/bugs.ts';
import type { Progress } from '../report/progress.ts';
import { Recorder } from '../workload/recorder.ts';
import { SCENARIOS } from './scenarios.ts';
import { Stage } from './stage.ts';

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

/** Runs the scenario of a bug on a system of its own, with the bug or without it. */
export const runPlanted = async (
  { name, says }: Bug,
  { without, progress }: { without: boolean; progress: Progress },
): Promise<PlantedResult> => {
  const began = performance.now();
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`nothing brings ${name} to light: it has no scenario`);
  progress.follow(undefined);
  progress.phase(`${name}${without ? ' left out' : ''}: starting`);
  const env = without ? {} : environmentOf([name]);
  const system = await OwnSystem.start(scenario.counts, { env });
  const recorder = new Recorder(system.urlsOf('gateway'));
  const stage = new Stage(system, recorder);
  try {
    progress.follow(recorder);
    progress.phase(`${name}: acting`);
    await scenario.steps(stage);
    progress.phase(`${name}: settling`);
    await untilSettled(system);
    progress.phase(`${name}: reading`);
    const verdicts = check(await observe(system, recorder, stage.poison.rows));
    const seconds = Math.round((performance.now() - began) / 1000);
    return { bug: name, says, how: scenario.how, planted: !without, seconds, verdicts };
  } finally {
    await stage.close();
    await recorder.close();
    await system.close();
  }
};
