import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { readKeptTerms, readWindows } from '@wiber/evidence';
import { AppMetrics, eventually } from '@wiber/harness';
import type { CrashPointName } from '../mutations/crash.mutation.ts';
import { armedFile, crashedFile, type Armed } from '../mutations/crash.trigger.ts';
import { Workload } from '../workload/workload.ts';
import type { ScenarioContext } from './scenario.context.ts';

const LEADER_MS = 60_000;

/** The metrics worker that leads, once one does. `except` has led before. */
export const leaderNow = ({ leaders }: ScenarioContext, except?: string): Promise<string> =>
  eventually(() => leaders.leader(except), { within: LEADER_MS });

/** A worker writes its term into the history as soon as it leads. */
const KEPT_MS = 4000;

/** Resolves to whether the history of leaders has got a new term in time, after so many. */
export const historyGrows = (context: ScenarioContext, after: number): Promise<boolean> =>
  eventually(
    async () => {
      const { length } = await readKeptTerms(context.subject);
      if (length <= after) throw new Error(`the history has ${length} terms`);
      return true;
    },
    { within: KEPT_MS },
  ).catch(() => false);

/** A metrics worker of the system that is not this one. */
export const otherWorker = ({ workers }: ScenarioContext, leader: string): string => {
  const other = [...workers.keys()].find((name) => name !== leader);
  if (other === undefined) throw new Error(`this system has no other metrics worker than ${leader}`);
  return other;
};

/** A light load while the work lasts: the workers have something to count. */
export const whileSending = async (context: ScenarioContext, work: () => Promise<void>): Promise<void> => {
  const workload = new Workload(context.recorder, { seed: 1, ratePerS: 25, conversations: 10, readers: 1 });
  const running = workload.run();
  await work().finally(() => workload.stop());
  await running;
};

/** Arms a crash point, and resolves once a process has killed itself there. */
export const crashOnceAt = async ({ hookFolder }: ScenarioContext, point: CrashPointName): Promise<void> => {
  const armed: Armed = { passes: 1 };
  writeFileSync(armedFile(hookFolder, point), JSON.stringify(armed));
  const crashed = crashedFile(hookFolder, point);
  await eventually(() => {
    if (!existsSync(crashed)) throw new Error(`no process has passed ${point} yet`);
  });
  rmSync(crashed);
};

/** A renewal over a link without a delay adds less than this to the time that is left, in seconds. */
const RENEWED_S = 0.5;

/** Resolves when a worker has just got the answer to a renewal, over a link that is slow. */
export const whenRenewed = async (context: ScenarioContext, worker: string): Promise<void> => {
  const leftOf = async () => (await AppMetrics.read(context.urlOf(worker))).sum('wiber_lease_left_seconds');
  let least = await leftOf();
  await eventually(async () => {
    const left = await leftOf();
    const isRenewed = left > least + RENEWED_S;
    least = isRenewed ? left : Math.min(least, left);
    if (!isRenewed) throw new Error(`${worker} has got no answer to a renewal yet`);
  });
};

/** Resolves when the store has just got figures of stored messages: the last that a round of counting writes but its position. */
export const whenFiguresArrive = async (context: ScenarioContext): Promise<void> => {
  const counted = async () => {
    const totals = (await readWindows(context.subject)).filter(
      ({ stream, span }) => stream === 'stored' && span === 'total',
    );
    return totals.reduce((sum, { upTo }) => sum + upTo, 0);
  };
  const before = await counted();
  await eventually(async () => {
    if ((await counted()) === before) throw new Error('no figures of stored messages have arrived yet');
  });
};
