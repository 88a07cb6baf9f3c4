/** The smallest share. One fetch of a partition may then bring 24 KiB, or one batch. */
const LEAST_SHARE = 1 / 64;
/** A round that takes less than this share of the longest time leaves room for twice as much. */
const SHORT = 1 / 4;

/**
 * How much one round may count, as a share of the most that a round ever counts. Positions are written at the end of a round.
 * So a round must be short against a lead, or leads that end early would begin the same large round again and again while
 * the backlog grows.
 */
export class RoundSize {
  private readonly longMs: number;
  private current = 1;

  /** @param longMs how long a round may take, in milliseconds */
  constructor(longMs: number) {
    this.longMs = longMs;
  }

  /** From 1/64 to 1. */
  get share(): number {
    return this.current;
  }

  /** A round took so many milliseconds; or it ended without its positions. */
  ended(ms: number, isDone: boolean): void {
    if (!isDone || ms > this.longMs) this.current = Math.max(LEAST_SHARE, this.current / 2);
    else if (ms < SHORT * this.longMs) this.current = Math.min(1, this.current * 2);
  }
}
