/** Brokers give whole milliseconds, and the reading of two clocks takes a moment. */
const READING_MS = 2;

/** The clocks of the process. Specs hand in their own. */
export interface Clocks {
  /** Milliseconds, never set back. */
  monotonic: () => number;
  /** Milliseconds since the epoch. */
  wall: () => number;
}

const PROCESS_CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * The clock of a run: milliseconds since its start, by the monotonic clock of this process. The brokers run on the same
 * machine, so their wall clock is converted with one difference, which is taken at the start.
 */
export class RunClock {
  private readonly clocks: Clocks;
  private readonly start: number;
  /** The wall clock at the start. */
  private readonly startedAt: number;

  constructor(clocks: Clocks = PROCESS_CLOCKS) {
    this.clocks = clocks;
    this.start = clocks.monotonic();
    this.startedAt = clocks.wall();
  }

  get now(): number {
    return this.clocks.monotonic() - this.start;
  }

  /** @param wallMs milliseconds since the epoch, by a clock of this machine */
  fromWall(wallMs: number): number {
    return wallMs - this.startedAt;
  }

  /** How far a converted time may be off: the wall clock is adjusted while the run lasts, and the other one is not. */
  get toleranceMs(): number {
    return READING_MS + Math.abs(this.fromWall(this.clocks.wall()) - this.now);
  }
}
