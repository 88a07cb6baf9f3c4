import type { FetchedPartition } from '@wiber/kafka';
import type { PartitionGauges } from '@wiber/mongo';

export interface StoppedPartitions {
  stopped: ReadonlySet<number>;
  /** The ends of those whose log is shorter than what was counted: no fetch tells them. */
  shortEnds: ReadonlyMap<number, number>;
}

/** What a round has seen of each partition. */
export const gaugesOf = (
  fetched: readonly FetchedPartition[],
  { stopped, shortEnds }: StoppedPartitions,
): Map<number, PartitionGauges> => {
  const ends = fetched.map(({ partition, end }) => [partition, { end, isStopped: stopped.has(partition) }] as const);
  const gaugesOfStopped = (partition: number): PartitionGauges => {
    const end = shortEnds.get(partition);
    return { isStopped: true, ...(end === undefined ? {} : { end }) };
  };
  return new Map<number, PartitionGauges>([
    ...[...stopped].map((partition) => [partition, gaugesOfStopped(partition)] as const),
    ...ends,
  ]);
};

/** A topic that was made anew may have fewer partitions. */
export const goneOf = (known: Iterable<number>, partitions: number): Set<number> =>
  new Set([...known].filter((partition) => partition >= partitions));
