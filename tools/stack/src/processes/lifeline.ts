/**
 * Ties child processes and folders to one start. They are ended and removed when the start is aborted, and also when its
 * own process is killed.
 */
export interface Lifeline {
  /** Aborted when the start is stopped before it is ready. */
  signal: AbortSignal;
  adopt(pid: number): void;
  release(pid: number): void;
  removeAtEnd(folder: string): void;
}

/** For specs: a lifeline that never aborts and ends nothing. */
export const idleLifeline = (): Lifeline => ({
  signal: new AbortController().signal,
  adopt: () => undefined,
  release: () => undefined,
  removeAtEnd: () => undefined,
});
