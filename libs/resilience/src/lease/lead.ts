import type { LeaseFence } from './lease.fence.ts';

/** One term of leadership, as the work that is done in it sees it. */
export interface Lead {
  /** The number of the term. A later holder has a larger one. */
  readonly term: number;
  /** Aborted once the term is over, or is about to end: end the work, and begin nothing new. */
  readonly signal: AbortSignal;
  /**
   * The condition of each guarded write, as the last renewal made it: ask for it at each write. The store judges it, so a
   * write that the store gets or does late has no effect.
   */
  readonly fence: LeaseFence;
  /**
   * Tells that the store has refused a write because of a document with this higher term. The lead ends, and the next term of
   * this process is over that one.
   */
  outranked(term: number): void;
  /**
   * Whether this process still leads, by its own monotonic clock. Ask before each write: after a pause of the process the
   * signal may be late. It does not replace the fence: the process may pause after it has asked.
   */
  isValid(): boolean;
}
