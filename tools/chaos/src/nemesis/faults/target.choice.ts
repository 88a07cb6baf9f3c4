import { PARTITIONS } from '../../topic.partitions.ts';
import type { Aim, FaultContext } from '../fault.ts';
import { processKindOf } from '../process.kind.ts';

export type ChooseTarget = (context: FaultContext) => Promise<string> | string;

/** The running processes of a kind, by the prefix of their names: for kafka these are kafka-1, kafka-2, … */
export const processesNamed = ({ system }: FaultContext, prefix: string): string[] =>
  [...system.pids.keys()].filter((name) => name.startsWith(`${prefix}-`)).sort();

export const anyProcess =
  (prefix: string): ChooseTarget =>
  (context) =>
    context.random.pick(processesNamed(context, prefix));

export const leaderOfAnyPartition: ChooseTarget = ({ random, leaderOf }) => leaderOf(random.whole(0, PARTITIONS - 1));

export const currentPrimary: ChooseTarget = (context) => context.primary();

export const metricsLeader: ChooseTarget = (context) => context.metricsLeader();

/** A metrics worker that waits for the lease of another one. */
export const metricsContender: ChooseTarget = (context) => {
  const leader = context.metricsLeader();
  const others = processesNamed(context, 'metrics').filter((name) => name !== leader);
  if (others.length === 0) throw new Error(`${leader} leads, and there is no other metrics worker now`);
  return context.random.pick(others);
};

/** Aims at one process that is down while the fault lasts. */
export const aimAtProcess =
  (choose: ChooseTarget) =>
  async (context: FaultContext): Promise<Aim> => {
    const target = await choose(context);
    return { target, touches: [target], takesDown: [processKindOf(target)] };
  };
