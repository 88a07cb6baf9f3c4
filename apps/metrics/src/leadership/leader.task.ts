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

/** Work that only the leader does, again and again while it leads. */
export interface LeaderTask {
  /** For logs and metrics: words of small letters, joined with `-`. */
  name: string;
  /** From the start of one run to the start of the next, in milliseconds. A run that takes longer is followed at once. */
  periodMs: number;
  /** One run. The lease is released only after it has ended. A rejection is logged and counted, and the task runs again. */
  run(lead: Lead): Promise<void>;
}
