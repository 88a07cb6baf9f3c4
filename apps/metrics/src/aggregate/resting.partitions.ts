import type { MonotonicClock } from '@wiber/resilience';

/** How long a partition rests, in milliseconds. Its fault is said again after each rest. */
const REST_MS = 10_000;

/** Partitions that can't be read, for a reason that another try soon would not change. */
export class RestingPartitions {
  private readonly now: MonotonicClock;
  private readonly until = new Map<number, number>();

  constructor(now: MonotonicClock) {
    this.now = now;
  }

  add(partition: number): void {
    this.until.set(partition, this.now() + REST_MS);
  }

  current(): Set<number> {
    const now = this.now();
    return new Set([...this.until].filter(([, until]) => until > now).map(([partition]) => partition));
  }
}
