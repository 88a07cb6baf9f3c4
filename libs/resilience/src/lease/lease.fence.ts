import type { LeasePolicy } from './lease.policy.ts';

/**
 * What the store needs to refuse a write of a leader that comes too late. All times are by the clock of the store, in
 * milliseconds since 1970. They are for the store alone: no process compares them with a clock of its own.
 */
export interface LeaseFence {
  /** A document that a higher term has written takes nothing any more. */
  readonly term: number;
  /** The last renewal. A clock that shows less is not the one that the lease was renewed by: it says nothing of its end. */
  readonly renewedAtMs: number;
  /** A write that begins at this time or later has no effect. */
  readonly beginByMs: number;
  /** When the lease expires. A write that began in time ends before. */
  readonly expiresAtMs: number;
}

/** @param expiresAtMs what the store answered to the last renewal, or to the take */
export const leaseFenceOf = (term: number, expiresAtMs: number, { ttlMs, renewMs }: LeasePolicy): LeaseFence => {
  const renewedAtMs = expiresAtMs - ttlMs;
  return { term, renewedAtMs, beginByMs: renewedAtMs + renewMs, expiresAtMs };
};
