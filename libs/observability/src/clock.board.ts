export const CLOCK_STATES = ['ok', 'degraded', 'unknown'] as const;
/** How far the wall clock of this machine is off, by NTP: within the threshold, past it, or no server says. */
export type WatchedClock = (typeof CLOCK_STATES)[number];

/** What health shows of this machine's clock. Nothing while nobody watches it. */
export class ClockBoard {
  private source: (() => WatchedClock) | undefined;

  watch(source: () => WatchedClock): void {
    this.source = source;
  }

  /** What is added to an answer of health. It has no effect on any status: a clock that is off stops no work. */
  get shown(): { clock?: WatchedClock } {
    return this.source === undefined ? {} : { clock: this.source() };
  }
}
