/** One term of leadership, as the work that is done in it sees it. */
export interface Lead {
  /** The number of the term. A later holder has a larger one. */
  readonly term: number;
  /** Aborted once the term is over, or is about to end: end the work, and begin nothing new. */
  readonly signal: AbortSignal;
  /**
   * Whether this process still leads, by its own monotonic clock. Ask before each write: after a pause of the process the
   * signal may be late. It does not replace a write that is safe by itself: the process may pause after it has asked.
   */
  isValid(): boolean;
}
