import type { SystemCounts } from '@wiber/harness';
import type { LeaseTimes } from '../workers.ts';
import { Workload } from '../workload/workload.ts';
import type { ScenarioContext } from './scenario.context.ts';

/** The steps that make the bug of a mutant visible. On the product without the bug, the same steps break no promise. */
export interface Scenario {
  /** The smallest system in which the bug shows. */
  counts: SystemCounts;
  /** A summary of the steps, for the table. */
  summary: string;
  /** How long ingest may take afterwards to commit every record, in milliseconds. */
  settleMs?: number;
  /** The times of the workers' lease. With them the checker looks at the metrics workers too. */
  workers?: LeaseTimes;
  /** Whether the links between the processes can be cut and slowed down. */
  links?: true;
  /** Names of mutations that are no bug, and that the steps need: with the bug and without it. */
  mutations?: readonly string[];
  run: (context: ScenarioContext) => Promise<unknown>;
}

export const SMALL_SYSTEM: SystemCounts = { brokers: 1, mongod: 1, gateway: 1, ingest: 1, metrics: 1 };

export const underLoad = async (context: ScenarioContext, work: () => Promise<void>): Promise<void> => {
  const workload = new Workload(context.recorder, { seed: 1, ratePerS: 250, conversations: 30, readers: 1 });
  const running = workload.run();
  await work().finally(() => workload.stop());
  await running;
};
