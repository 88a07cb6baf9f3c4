import { OBSERVED_TTLS, type LeasePolicy } from './lease.policy.ts';
import type { LeaseRecord } from './lease.record.ts';

/**
 * What one contender has seen of a lease, and since when by its own monotonic clock. It compares no two machines' clocks, so
 * it is right however wrong they are, as long as their speeds are alike.
 *
 * The time counts from the answer, the holder's from before its question: the holder's always ends first.
 */
export class LeaseObservation {
  readonly record: LeaseRecord;
  private readonly sinceMs: number;
  private readonly policy: LeasePolicy;

  constructor(record: LeaseRecord, nowMs: number, policy: LeasePolicy) {
    this.record = record;
    this.sinceMs = nowMs;
    this.policy = policy;
  }

  /** The observation after another look: this one goes on while nothing has changed. */
  next(record: LeaseRecord, nowMs: number): LeaseObservation {
    const { term, beat } = this.record;
    return record.term === term && record.beat === beat ? this : new LeaseObservation(record, nowMs, this.policy);
  }

  /** Whether the lease may be taken if it has expired by the server's clock too: both clocks agree. */
  isOld(nowMs: number): boolean {
    return nowMs >= this.oldAtMs;
  }

  /** Whether the lease may be taken whatever the server's clock says: a failover may have set it back by an hour. */
  isDead(nowMs: number): boolean {
    return nowMs >= this.deadAtMs;
  }

  /** When the next of the two becomes true, by the contender's clock. */
  nextChangeAfter(nowMs: number): number {
    return [this.oldAtMs, this.deadAtMs].find((ms) => ms > nowMs) ?? Infinity;
  }

  private get oldAtMs(): number {
    return this.sinceMs + this.ttlMs;
  }

  private get deadAtMs(): number {
    return this.sinceMs + this.ttlMs * OBSERVED_TTLS;
  }

  /**
   * The holder leads by its own times, which may be longer than those of this contender. Source: isLeaseValid of client-go's
   * leaderelection, which goes by the LeaseDurationSeconds of the record.
   */
  private get ttlMs(): number {
    return Math.max(this.policy.ttlMs, this.record.ttlMs ?? 0);
  }
}
