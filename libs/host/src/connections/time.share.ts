import { monotonicNow, type MonotonicClock } from '@wiber/resilience';

/**
 * Of each millisecond that other work takes, this work may take so much: one part in 25 of the time of both. Only the start of
 * a request is measured, and what it costs later counts as other work. So the share is small.
 */
const PER_OTHER = 1 / 24;
/** So much time is saved up at most, in milliseconds. */
const SAVED_MAX_MS = 1;
/** So much time is owed at most, in milliseconds: one costly request must not close the share for long. */
const OWED_MAX_MS = 10;
/** A turn of the event loop in which the rest of the process took less has no other work, in milliseconds. */
const NO_WORK_MS = 0.03;
/** How long this work may take in a turn without other work, and then twice as long in each such turn, in milliseconds. */
const ALONE_MS = { from: 0.1, to: 2 };
/** So many units are begun at most between two turns. */
const UNITS_MAX = 32;
/** What a unit is taken to cost before one was measured, in milliseconds. */
const UNIT_FIRST_MS = 0.25;
/** How fast the mean cost of a unit follows the last costs. */
const SMOOTHING = 0.25;

/**
 * Gives one kind of work a share of the time of the event loop: one part in 25 while there is other work, all of it while there is
 * none. The work is done in units whose cost is known only afterwards, when also their promises have run. What was taken
 * too much is owed, so the share holds whatever a unit costs. This is deficit round robin with two queues (Shreedhar and
 * Varghese, 1995), in which the queue of the other work is the event loop itself.
 */
export class TimeShare {
  private readonly now: MonotonicClock;
  private savedMs = SAVED_MAX_MS;
  private aloneMs = ALONE_MS.from;
  private unitMs = UNIT_FIRST_MS;
  private begunAt = 0;
  private endedAt: number;

  constructor(now: MonotonicClock = monotonicNow) {
    this.now = now;
    this.endedAt = now();
  }

  /** Called once in a turn. Returns how many units may be begun in it. */
  begin(): number {
    this.begunAt = this.now();
    const otherMs = this.begunAt - this.endedAt;
    this.savedMs = Math.min(SAVED_MAX_MS, this.savedMs + otherMs * PER_OTHER);
    if (otherMs < NO_WORK_MS) {
      this.savedMs = Math.max(this.savedMs, this.aloneMs);
      this.aloneMs = Math.min(ALONE_MS.to, 2 * this.aloneMs);
    } else this.aloneMs = ALONE_MS.from;
    if (this.savedMs <= 0) return 0;
    return Math.min(UNITS_MAX, Math.ceil(this.savedMs / this.unitMs));
  }

  /** Called in the same turn, once the promises of the units have run. */
  end(units: number): void {
    this.endedAt = this.now();
    if (units === 0) return;
    const tookMs = this.endedAt - this.begunAt;
    this.savedMs = Math.max(-OWED_MAX_MS, this.savedMs - tookMs);
    this.unitMs += (tookMs / units - this.unitMs) * SMOOTHING;
  }
}
