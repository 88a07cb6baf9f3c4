import type { GatewayLook, IngestLook, InstanceLook, Look, PartitionLook, Pulse, WorkerLook } from '@wiber/contracts';
import type { Seen } from './seen.ts';

/** A look at a system in which nothing happens, with some parts replaced. */
export const calmLook = (parts: Partial<Omit<Look, 'events'>> = {}): Omit<Look, 'events'> => ({
  ...{ sequence: 1, at: 1000, by: 'gateway-1', unknown: [], openDeadLetters: 0 },
  gateways: [gateway('gateway-1')],
  ingests: [ingest('ingest-1', [0, 1])],
  workers: [worker('metrics-1', 3)],
  partitions: [partition(0), partition(1)],
  brokers: [1, 2, 3].map((broker) => ({ broker, status: 'up', isController: broker === 1, leads: 1 }) as const),
  members: [
    { member: 1, state: 'primary' },
    { member: 2, state: 'secondary' },
    { member: 3, state: 'secondary' },
  ],
  leader: { term: 3, holder: 'metrics-1', since: 1 },
  totals: { acceptedPerSecond: 0, storedPerSecond: 0, lag: 0 },
  ...parts,
});

const instance = (name: string): InstanceLook => ({
  ...{ instance: name, status: 'up', isShared: false, ageMs: 0, upMs: 1, rssBytes: 1, cpuRatio: 0, breakers: [] },
});

export const gateway = (name: string, parts: Partial<GatewayLook> = {}): GatewayLook => ({
  ...{ ...instance(name), acceptedPerSecond: 0, refusedPerSecond: 0, waiting: 0, queued: 0 },
  ...parts,
});

export const ingest = (name: string, partitions: number[], parts: Partial<IngestLook> = {}): IngestLook => ({
  ...{ ...instance(name), hasJoined: true, partitions, pausedPartitions: [] },
  ...{ storedPerSecond: 0, deadLetteredPerSecond: 0 },
  ...parts,
});

export const worker = (name: string, term?: number): WorkerLook => ({
  ...{ ...instance(name), leads: term !== undefined },
  ...(term === undefined ? {} : { term }),
});

export const partition = (number: number, parts: Partial<PartitionLook> = {}): PartitionLook => ({
  ...{ partition: number, leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3], ingest: 'ingest-1' },
  ...parts,
});

export const nothingSeen = (parts: Partial<Seen> = {}): Seen => ({
  instances: { gateways: [], ingests: [], workers: [] },
  ...{ latency: undefined, replicas: [], offsets: undefined, offsetsBefore: undefined, brokers: undefined },
  ...{ members: [], leader: undefined, openDeadLetters: undefined, unknown: [] },
  ...parts,
});

/** A pulse of an ingest that has stored so much. */
export const ingestPulse = (
  name: string,
  sequence: number,
  { stored = 0, ...parts }: { stored?: number } & Partial<Pulse> = {},
): Pulse =>
  ({
    ...{ app: 'ingest', instance: name, process: 'one', seen: [], isShared: false, sequence },
    ...{ upMs: sequence * 1000, cpuMs: sequence * 100, rssBytes: 1, isStopping: false, breakers: [] },
    figures: {
      ...{ stored, deadLettered: 0, hasJoined: true, partitions: [0], pausedPartitions: [] },
      latency: { bounds: [0.1, 1], counts: [stored, stored, stored] },
    },
    ...parts,
  }) as Pulse;
