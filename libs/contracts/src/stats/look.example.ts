import type { Look } from './look.ts';

/** A type of which no field is left out. */
type Complete<Value> = Value extends object ? { [Field in keyof Value]-?: Complete<Value[Field]> } : Value;

const AT = 1790000000000;
const LIFE = { status: 'up', isShared: false, ageMs: 300, upMs: 3_600_000 } as const;
const PROCESS = { ...LIFE, rssBytes: 104_857_600, cpuRatio: 0.12 };
const LATENCY = { p50: 14, p99: 59 };

/** A look that has each field: the example of the document. One of two brokers is away. */
export const EXAMPLE_LOOK: Complete<Look> = {
  ...{ sequence: 41, at: AT, by: 'gateway-1' },
  gateways: [
    {
      ...{ instance: 'gateway-1', ...PROCESS, breakers: [{ name: 'produce-0', state: 'closed' }] },
      ...{ acceptedPerSecond: 12.5, refusedPerSecond: 0, waiting: 3, queued: 8 },
    },
  ],
  ingests: [
    {
      ...{ instance: 'ingest-1', ...PROCESS, breakers: [{ name: 'mongodb-write', state: 'closed' }] },
      ...{ hasJoined: true, partitions: [0], pausedPartitions: [] },
      ...{ storedPerSecond: 12, deadLetteredPerSecond: 0, latency: LATENCY },
    },
  ],
  workers: [
    {
      ...{ instance: 'metrics-1', ...PROCESS, breakers: [{ name: 'mongodb-write', state: 'closed' }] },
      ...{ leads: true, term: 7 },
    },
  ],
  partitions: [
    {
      ...{ partition: 0, leader: 1, replicas: [1, 2], inSync: [1], end: 1042, stored: 1040, lag: 2 },
      ...{ acceptedPerSecond: 12.5, storedPerSecond: 12, ingest: 'ingest-1' },
    },
  ],
  brokers: [
    { broker: 1, status: 'up', isController: true, leads: 1 },
    { broker: 2, status: 'gone', isController: false, leads: 0 },
  ],
  members: [{ member: 1, state: 'primary', roundTripMs: 0.8 }],
  leader: { term: 7, holder: 'metrics-1', since: AT - 3_600_000 },
  openDeadLetters: 2,
  totals: { acceptedPerSecond: 12.5, storedPerSecond: 12, lag: 2, latency: LATENCY },
  unknown: [{ part: 'deadLetters', reason: 'MongoDB does not answer' }],
  events: [
    {
      ...{ id: 7, at: AT, kind: 'broker_gone', severity: 'bad', subject: 'broker 2' },
      text: 'Broker 2 is not in the cluster.',
    },
  ],
};
