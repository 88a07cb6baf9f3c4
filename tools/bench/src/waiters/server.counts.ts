import { readFileSync } from 'node:fs';
import { commandMember, primaryAddress } from '@wiber/evidence';
import { cpuSecondsOf, residentMiBOf } from '../processes/process.usage.ts';
import type { Servers } from '../system/bench.context.ts';

const OPERATIONS = ['insert', 'query', 'update', 'delete', 'getmore', 'command'] as const;

/** What a gateway and the primary have done so far. */
export interface Counts {
  /** Milliseconds of a monotonic clock. */
  at: number;
  /** Processor seconds of the gateway. */
  cpuSeconds: number;
  residentMiB: number;
  /** Calls by which the gateway wrote to a socket or a file: proc_pid_io(5), syscw. A request to Kafka is at least one. */
  writes: number;
  /** Operations of MongoDB by all clients, without those of replication. */
  operations: number;
}

const writesOf = (pid: number): number =>
  Number(/^syscw: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? NaN);

export const countsOf = async (servers: Pick<Servers, 'mongoUri'>, gatewayPid: number): Promise<Counts> => {
  const status = await commandMember((await primaryAddress(servers.mongoUri)) ?? '', { serverStatus: 1 });
  const counters = (status as unknown as { opcounters: Record<string, number | bigint> }).opcounters;
  return {
    at: performance.now(),
    cpuSeconds: cpuSecondsOf(gatewayPid),
    residentMiB: residentMiBOf(gatewayPid),
    writes: writesOf(gatewayPid),
    operations: OPERATIONS.reduce((sum, name) => sum + Number(counters[name] ?? 0), 0),
  };
};

export interface Rates {
  /** Percent of one core. */
  cpuPercent: number;
  residentMiB: number;
  writesPerS: number;
  operationsPerS: number;
}

export const ratesBetween = (from: Counts, to: Counts): Rates => {
  const seconds = (to.at - from.at) / 1000;
  return {
    cpuPercent: (100 * (to.cpuSeconds - from.cpuSeconds)) / seconds,
    residentMiB: to.residentMiB,
    writesPerS: (to.writes - from.writes) / seconds,
    operationsPerS: (to.operations - from.operations) / seconds,
  };
};
