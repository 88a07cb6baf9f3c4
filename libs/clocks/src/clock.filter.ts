import type { NtpReading } from './answer.check.ts';

/** NSTAGE of RFC 5905, section 10. */
const READINGS_MAX = 8;
/** PHI of RFC 5905, figure 6: how fast two clocks may drift apart, 15 millionths. */
const DRIFT = 15e-6;

/** How far the server's clock may really be from what the reading says: the ways there and back may differ. */
const errorOf = ({ roundTripMs, atMs }: NtpReading, nowMs: number): number => roundTripMs / 2 + (nowMs - atMs) * DRIFT;

/** Where the true time may be by a reading, to both sides of it. */
const rangeOf = (reading: NtpReading, nowMs: number): number => errorOf(reading, nowMs) + reading.rootDistanceMs;

/** By how much daemons may have slewed the clocks of the server and of this machine between two readings, in milliseconds. */
const SLEWED_MS = 1;

/**
 * The last eight readings of one server. The best one has the smallest possible error: the shortest round trip, unless a later
 * reading is nearly as good. Source: the clock filter of RFC 5905, section 10; RFC 5905 makes no use of an old reading twice,
 * this filter may, because the monotonic clock tells how far the wall clock went since.
 */
export class ClockFilter {
  private readings: NtpReading[] = [];

  /**
   * A reading that contradicts an earlier one ends that one: the server was set, or this machine slept and its monotonic
   * clock stood still.
   */
  add(reading: NtpReading): void {
    const agrees = (earlier: NtpReading) =>
      Math.abs(earlier.serverMinusMonotonicMs - reading.serverMinusMonotonicMs) <=
      rangeOf(earlier, reading.atMs) + rangeOf(reading, reading.atMs) + SLEWED_MS;
    this.readings = [...this.readings.filter(agrees), reading].slice(-READINGS_MAX);
  }

  clear(): void {
    this.readings = [];
  }

  /**
   * The best reading and its largest error in milliseconds: the round trip, the drift since, and how far the server itself may
   * be off. Undefined while there is none.
   */
  best(nowMs: number): { reading: NtpReading; errorMs: number } | undefined {
    const [first, ...others] = this.readings;
    if (first === undefined) return undefined;
    const reading = others.reduce((best, next) => (errorOf(next, nowMs) <= errorOf(best, nowMs) ? next : best), first);
    return { reading, errorMs: rangeOf(reading, nowMs) };
  }
}
