/** The part of a lease that changes with each renewal, release and new holder. No two states of a lease have the same. */
export interface LeaseBeat {
  /** The number of the last term. It never goes back, also while nobody holds the lease. */
  readonly term: number;
  /** Grows with each change in a term. */
  readonly beat: number;
}

/** A lease as the store holds it. */
export interface LeaseRecord extends LeaseBeat {
  /** The take by which its holder got it; undefined while nobody holds it. Every take has an id of its own. */
  readonly claim: string | undefined;
  /**
   * When it expires, by the clock of the store, in milliseconds since 1970; undefined while nobody holds it. It is for the
   * store alone, as a condition of a guarded write: no process compares it with a clock of its own.
   */
  readonly expiresAtMs: number | undefined;
  /**
   * How long the lease lasts from each renewal on, as its holder has written it, in milliseconds; undefined while nobody holds
   * it, and of a holder whose version does not write it.
   */
  readonly ttlMs?: number | undefined;
}

/**
 * How a term ended.
 * - `released`: its holder gave it back after its work had ended;
 * - `stepped-down`: its holder could not renew in time, ended its work, and then gave it back;
 * - `expired`: another took it when the server's clock and its own said that it was over;
 * - `observed`: another took it when its own clock said so, and the server's clock did not;
 * - `abandoned`: the next holder is the process that has taken it before and did not learn that it had.
 */
export const LEASE_ENDS = ['released', 'stepped-down', 'expired', 'observed', 'abandoned'] as const;
export type LeaseEnd = (typeof LEASE_ENDS)[number];

interface Take<Type extends string> {
  readonly type: Type;
  /** The id of this take. */
  readonly claim: string;
  /** The new term is over this one, whatever the store holds: somebody may have deleted the lease. */
  readonly above: number;
}

/** Takes a lease that does not exist, is free, or has expired by the server's clock. */
export interface AcquireCall extends Take<'acquire'> {
  /** The only state in which it is taken; undefined: only when there is no such lease. */
  readonly seen: LeaseBeat | undefined;
}

/** Takes a lease whatever the server's clock says. */
export interface StealCall extends Take<'steal'> {
  readonly seen: LeaseBeat;
  readonly end: LeaseEnd & ('observed' | 'abandoned');
}

interface Held<Type extends string> {
  readonly type: Type;
  readonly claim: string;
  readonly term: number;
}

export type RenewCall = Held<'renew'>;

/** Frees the lease and keeps its term. */
export interface ReleaseCall extends Held<'release'> {
  readonly end: LeaseEnd & ('released' | 'stepped-down');
}

/**
 * One call to the store. Each changes a lease only in the state that it names, so one that arrives late does no harm. `look`
 * changes nothing.
 */
export type LeaseCall = { readonly type: 'look' } | AcquireCall | StealCall | RenewCall | ReleaseCall;

/**
 * What is known after a call. `record` is what the store holds then, and no failover takes it back; it is undefined when there
 * is no such lease. `unknown`: the call has changed the lease, will still change it, or neither. Nobody leads on it.
 */
export type LeaseAnswer =
  { readonly type: 'record'; readonly record: LeaseRecord | undefined } | { readonly type: 'unknown' };
