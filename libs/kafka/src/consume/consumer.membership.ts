import type { MonotonicClock } from '@wiber/resilience';

/** Topic to partitions, as the group assigned them to this consumer. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

/** True while a partition stays assigned under the generation in which it was claimed. */
export type PartitionClaim = () => boolean;

/** Heartbeats per session: several may be late before the group removes the member. */
const HEARTBEATS = 10;

/** What this process knows of its place in the consumer group. It outlives a consumer that crashes. */
export class ConsumerMembership {
  private readonly sessionTimeoutMs: number;
  private readonly now: MonotonicClock;
  private assignment: Assignment = {};
  /** Bumped on each join: what was read under an older generation must not be committed. */
  private generation = 0;
  private joined = false;
  private answeredAt = 0;

  constructor(sessionTimeoutMs: number, now: MonotonicClock) {
    this.sessionTimeoutMs = sessionTimeoutMs;
    this.now = now;
  }

  get heartbeatMs(): number {
    return Math.floor(this.sessionTimeoutMs / HEARTBEATS);
  }

  /** True while this process is a member, and the group answered it within one session time-out. */
  get isActive(): boolean {
    return this.joined && this.now() - this.answeredAt < this.sessionTimeoutMs;
  }

  join(assignment: Assignment): void {
    this.assignment = assignment;
    this.generation += 1;
    this.joined = true;
    this.answeredAt = this.now();
  }

  recordHeartbeat(): void {
    this.answeredAt = this.now();
  }

  leave(): void {
    this.joined = false;
  }

  /** Undefined when the partition is assigned to another member. */
  claim(topic: string, partition: number): PartitionClaim | undefined {
    if (!this.assignment[topic]?.includes(partition)) return undefined;
    const { generation } = this;
    return () => this.generation === generation;
  }
}
