/** The two clocks of this machine, in milliseconds: the wall clock in whole ones, the monotonic one in fractions. */
export interface Clocks {
  wallNow: () => number;
  monotonicNow: () => number;
}

/** Wall clock minus monotonic clock: between these two, in milliseconds. */
interface Bounds {
  least: number;
  most: number;
}

/** One look at both clocks. The bounds also hold when the process loses the processor between the three reads. */
const look = ({ wallNow, monotonicNow }: Clocks): Bounds => {
  const before = monotonicNow();
  const wall = wallNow();
  const after = monotonicNow();
  return { least: wall - after, most: wall + 1 - before };
};

const both = (a: Bounds, b: Bounds): Bounds => ({
  least: Math.max(a.least, b.least),
  most: Math.min(a.most, b.most),
});

const middleOf = ({ least, most }: Bounds): number => (least + most) / 2;

/** The wall clock shows a new millisecond after at most one; a clock that runs at half speed after two. */
const LOOK_MAX_MS = 2;
/** Bounds this close are sharp enough. */
const SHARP_MS = 0.05;

/**
 * Wall clock minus monotonic clock, at one moment. The wall clock shows whole milliseconds only, so this looks until it shows
 * the next one, and keeps the process busy for at most 2 ms. Right to a fortieth of a millisecond, or to half a millisecond
 * when nothing better was seen.
 */
export const wallMinusMonotonic = (clocks: Clocks): number => {
  const until = clocks.monotonicNow() + LOOK_MAX_MS;
  let bounds = look(clocks);
  while (bounds.most - bounds.least > SHARP_MS && clocks.monotonicNow() < until) {
    const next = look(clocks);
    const closer = both(bounds, next);
    // They exclude each other when somebody set the clock in between.
    bounds = closer.least <= closer.most ? closer : next;
  }
  return middleOf(bounds);
};

/** By how much the wall clock may be slewed before the exact difference is given up, in milliseconds. */
const SLEWED_MS = 1;

/** Wall clock minus monotonic clock: exact when it is measured, and followed when somebody sets the wall clock after that. */
export class ClockPair {
  private readonly clocks: Clocks;
  private measured: number;

  constructor(clocks: Clocks) {
    this.clocks = clocks;
    this.measured = wallMinusMonotonic(clocks);
  }

  /** Milliseconds that never go back. */
  monotonicNow(): number {
    return this.clocks.monotonicNow();
  }

  wallNow(): number {
    return this.clocks.wallNow();
  }

  /** Measures exactly. See wallMinusMonotonic for what it costs. */
  measure(): void {
    this.measured = wallMinusMonotonic(this.clocks);
  }

  /** Wall clock minus monotonic clock now: the exact one, unless the wall clock was set or slewed since. */
  get difference(): number {
    const now = look(this.clocks);
    const isStill = this.measured >= now.least - SLEWED_MS && this.measured <= now.most + SLEWED_MS;
    return isStill ? this.measured : middleOf(now);
  }
}
