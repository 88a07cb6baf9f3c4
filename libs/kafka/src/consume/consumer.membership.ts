import type { MonotonicClock } from '@wiber/resilience';

/** Topic to partitions, as the group assigned them to this consumer. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

/** True while a partition stays assigned under the generation in which it was claimed. */
export type PartitionClaim = () => boolean;

/** Heartbeats per session: several may be late before the group removes the member. */
const HEARTBEATS = 10;
/** Sessions without a sign of life after which a consumer counts as dead. After one the group has removed the member. */
const SILENT_SESSIONS = 2;
/** How long the group waits for its members in a rebalance, in milliseconds: a member that joins may be silent so long. */
export const REBALANCE_MS = 60_000;

/** What this process knows of its place in the consumer group. It outlives a consumer that crashes. */
export class ConsumerMembership {
  private readonly sessionTimeoutMs: number;
  private readonly now: MonotonicClock;
  private assignment: Assignment = {};
  /** Bumped on each join: what was read under an older generation must not be committed. */
  private generation = 0;
  private joined = false;
  /** The last sign of life: an answer of the group, the start of a consumer or of a rebalance. */
  private answeredAt: number;

  constructor(sessionTimeoutMs: number, now: MonotonicClock) {
    this.sessionTimeoutMs = sessionTimeoutMs;
    this.now = now;
    this.answeredAt = now();
  }

  get heartbeatMs(): number {
    return Math.floor(this.sessionTimeoutMs / HEARTBEATS);
  }

  /** True while this process is a member, and the group answered it within one session time-out. */
  get isActive(): boolean {
    return this.joined && this.now() - this.answeredAt < this.sessionTimeoutMs;
  }

  /** True when the consumer neither beats nor joins: it is dead without saying so, or its requests are never answered. */
  get isSilent(): boolean {
    const limitMs = SILENT_SESSIONS * this.sessionTimeoutMs + (this.joined ? 0 : REBALANCE_MS);
    return this.now() - this.answeredAt > limitMs;
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

  /** At the start of a consumer or of a rebalance, and at the end of a consumer. */
  leave(): void {
    this.joined = false;
    this.answeredAt = this.now();
  }

  /** The partitions of a topic that are assigned to this process; none while it is no member. */
  assignedOf(topic: string): readonly number[] {
    return this.isActive ? (this.assignment[topic] ?? []) : [];
  }

  /** Undefined when the partition is assigned to another member. */
  claim(topic: string, partition: number): PartitionClaim | undefined {
    if (!this.assignment[topic]?.includes(partition)) return undefined;
    const { generation } = this;
    return () => this.generation === generation;
  }
}
