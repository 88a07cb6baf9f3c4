import { readInstanceName } from '@wiber/contracts';
import { LeastDelay, WINDOW_MS, type MonotonicClock } from '@wiber/resilience';
import { PartitionClocks } from './partition.clocks.ts';

/** Labels of gateways at one time. Those that come later have one label together. */
export const GATEWAYS_MAX = 50;
/** The label of all others: of gateways above the limit, and of producers whose name is none of a gateway. */
export const OTHER = 'other';
/** A gateway of which nothing came for so long is forgotten, in milliseconds. */
const FORGET_MS = 600_000;
/** Estimators in all: one for each pair of gateway and partition. Further pairs are not measured. */
const ESTIMATORS_MAX = 10_000;

/**
 * How far the clock of each gateway is ahead of those of the brokers. Each partition is estimated alone, because each has a
 * leader with a clock of its own; the middle one counts, so brokers with a wrong clock change nothing while they are the minority.
 *
 * Both times are in the record: a record that is read again says the same.
 */
export class GatewayClocks {
  private readonly now: MonotonicClock;
  private readonly partitions = new Map<number, PartitionClocks>();
  private readonly estimators = new Map<string, Map<number, LeastDelay>>();
  private estimatorCount = 0;

  constructor(now: MonotonicClock) {
    this.now = now;
  }

  /** Where the samples of a partition go. */
  of(partition: number): PartitionClocks {
    let clocks = this.partitions.get(partition);
    if (!clocks) {
      clocks = new PartitionClocks(
        (header) => this.estimatorOf(readInstanceName(header) ?? OTHER, partition),
        this.now,
      );
      this.partitions.set(partition, clocks);
    }
    return clocks;
  }

  /** Milliseconds by which each gateway is ahead, by its name; negative when it is behind. Forgets those that are gone. */
  skews(): Map<string, number> {
    this.forgetOld();
    const skews = new Map<string, number>();
    for (const [name, byPartition] of this.estimators) {
      const leads = newestOf([...byPartition.values()]);
      if (leads.length > 0) skews.set(name, middleOf(leads));
    }
    return skews;
  }

  private estimatorOf(given: string, partition: number): LeastDelay | undefined {
    const name = this.estimators.has(given) || this.estimators.size < GATEWAYS_MAX ? given : OTHER;
    const byPartition = this.estimators.get(name) ?? new Map<number, LeastDelay>();
    const known = byPartition.get(partition);
    if (known || this.estimatorCount >= ESTIMATORS_MAX) return known;
    const estimator = new LeastDelay();
    this.estimators.set(name, byPartition.set(partition, estimator));
    this.estimatorCount += 1;
    return estimator;
  }

  private forgetOld(): void {
    const before = this.now() - FORGET_MS;
    const old = [...this.estimators].flatMap(([name, byPartition]) =>
      [...byPartition].flatMap(([partition, { seenAt }]) => (seenAt < before ? { name, byPartition, partition } : [])),
    );
    for (const { name, byPartition, partition } of old) {
      byPartition.delete(partition);
      this.estimatorCount -= 1;
      if (byPartition.size === 0) this.estimators.delete(name);
      // Its next record must not go to an estimator that is gone.
      this.partitions.delete(partition);
    }
  }
}

/** The estimates that are about as new as the newest one: an older one may be of before the clock was set. */
const newestOf = (estimators: readonly LeastDelay[]): number[] => {
  const newest = Math.max(...estimators.map(({ seenAt }) => seenAt));
  return estimators.flatMap(({ atLeastMs, seenAt }) =>
    atLeastMs === undefined || seenAt < newest - WINDOW_MS ? [] : [atLeastMs],
  );
};

/** The lower one of the two in the middle. */
const middleOf = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
