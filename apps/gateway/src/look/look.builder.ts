import type { BrokerLook, Look, PartitionLook } from '@wiber/contracts';
import type { SeenReplicas } from '@wiber/kafka';
import { latencyIn } from './counted.times.ts';
import type { Seen, SeenOffsets } from './seen.ts';

/** Partitions of one look at most. The totals count all. */
export const PARTITIONS_SHOWN = 1000;

export type LookBase = Pick<Look, 'sequence' | 'at' | 'by'>;

/** Makes a look of what was seen. Events are of two looks: they are not its matter. */
export const lookOf = (seen: Seen, base: LookBase): Omit<Look, 'events'> => {
  const readers = readersOf(seen);
  const partitions = partitionNumbersOf(seen).map((partition) => partitionOf(partition, seen, readers));
  const { leader, openDeadLetters, instances, members, unknown } = seen;
  const latency = seen.latency && latencyIn(seen.latency);
  const lags = partitions.flatMap(({ lag }) => lag ?? []);
  return {
    ...base,
    ...instances,
    partitions: partitions.slice(0, PARTITIONS_SHOWN),
    brokers: brokersOf(seen),
    members: [...members],
    ...(leader ? { leader } : {}),
    ...(openDeadLetters === undefined ? {} : { openDeadLetters }),
    totals: {
      acceptedPerSecond: sumOf(partitions.map(({ acceptedPerSecond }) => acceptedPerSecond)),
      storedPerSecond: sumOf(partitions.map(({ storedPerSecond }) => storedPerSecond)),
      ...(lags.length > 0 ? { lag: lags.reduce((sum, lag) => sum + lag, 0) } : {}),
      ...(latency ? { latency } : {}),
    },
    unknown: [...unknown],
  };
};

const sumOf = (rates: readonly (number | undefined)[]): number =>
  round(rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0));

const partitionNumbersOf = ({ replicas, offsets }: Seen): number[] => {
  const count = Math.max(replicas.length, offsets?.ends.length ?? 0);
  return Array.from({ length: count }, (_, partition) => partition);
};

/** Which instance of ingest says that it reads a partition. Of two the one that was heard last. */
const readersOf = ({ instances: { ingests } }: Seen): ReadonlyMap<number, string> => {
  const oldestFirst = ingests.filter(({ status }) => status !== 'gone').sort((one, other) => other.ageMs - one.ageMs);
  return new Map(oldestFirst.flatMap(({ instance, partitions }) => partitions.map((one) => [one, instance] as const)));
};

const partitionOf = (
  partition: number,
  { replicas, offsets, offsetsBefore }: Seen,
  readers: ReadonlyMap<number, string>,
): PartitionLook => {
  const copies: SeenReplicas | undefined = replicas[partition];
  const [end, stored] = [offsets?.ends[partition], offsets?.committed.get(partition)];
  const [accepted, storing] = [
    rateOf(offsets, offsetsBefore, ({ ends }) => ends[partition]),
    rateOf(offsets, offsetsBefore, ({ committed }) => committed.get(partition)),
  ];
  const ingest = readers.get(partition);
  return {
    partition,
    ...(copies && copies.leader >= 0 ? { leader: copies.leader } : {}),
    replicas: [...(copies?.replicas ?? [])],
    inSync: [...(copies?.inSync ?? [])],
    ...(end === undefined ? {} : { end }),
    ...(stored === undefined ? {} : { stored }),
    // A group that has committed nothing has not begun, so all that the log has waits.
    ...(end === undefined ? {} : { lag: Math.max(0, end - (stored ?? 0)) }),
    ...(accepted === undefined ? {} : { acceptedPerSecond: accepted }),
    ...(storing === undefined ? {} : { storedPerSecond: storing }),
    ...(ingest === undefined ? {} : { ingest }),
  };
};

const rateOf = (
  now: SeenOffsets | undefined,
  before: SeenOffsets | undefined,
  offsetOf: (offsets: SeenOffsets) => number | undefined,
): number | undefined => {
  const [to, from] = [now && offsetOf(now), before && offsetOf(before)];
  if (!now || !before || to === undefined || from === undefined || now.at <= before.at) return undefined;
  // A topic that was made anew begins at 0 again.
  return round((Math.max(0, to - from) / (now.at - before.at)) * 1000);
};

const round = (rate: number): number => Math.round(rate * 10) / 10;

/** Also the brokers that have copies and are not in the cluster now: they are gone. */
const brokersOf = ({ brokers, replicas }: Seen): BrokerLook[] => {
  if (!brokers) return [];
  const alive = new Set(brokers.brokers);
  const all = new Set([...alive, ...replicas.flatMap((one) => one.replicas)]);
  const leads = new Map<number, number>();
  for (const { leader } of replicas) leads.set(leader, (leads.get(leader) ?? 0) + 1);
  return [...all]
    .sort((one, other) => one - other)
    .map((broker) => ({
      broker,
      status: alive.has(broker) ? 'up' : 'gone',
      isController: broker === brokers.controller,
      leads: leads.get(broker) ?? 0,
    }));
};
