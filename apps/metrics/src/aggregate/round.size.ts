/** The smallest share. One fetch of a partition may then bring 24 KiB, or one batch. */
const LEAST_SHARE = 1 / 64;
const GROWTH = 1 / 32;

/**
 * How much one round may count, as a share of the most that a round ever counts. Positions are written at the end of a round.
 * So rounds that the end of a lead cuts off must become smaller, or leads that end early would begin the same large round again
 * and again while the backlog grows. The time of a round says nothing: where servers are slow, small rounds are slow as well.
 */
export class RoundSize {
  private current = 1;

  /** From 1/64 to 1. */
  get share(): number {
    return this.current;
  }

  /** The lead ended before the positions of a round were written. */
  cutOff(): void {
    this.current = Math.max(LEAST_SHARE, this.current / 2);
  }

  /** The positions of a round are written. */
  reachedEnd(): void {
    this.current = Math.min(1, this.current + GROWTH);
  }
}
