/** Larger times are ignored: the next tick could be no safe integer, and a message with it would be rejected. */
const OBSERVED_MAX = 2 ** 52;

/**
 * Lamport's logical clock: tick before a send, take the larger of both on a receive.
 * Source: L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978, IR1 and
 * IR2.
 */
export class LamportClock {
  private time: number;

  constructor(start = 0) {
    this.time = start;
  }

  /** IR1: advances the clock and returns the time of the next local event. */
  tick(): number {
    this.time += 1;
    return this.time;
  }

  /** IR2: every later event of this process is after the received one. */
  observe(received: number): void {
    if (Number.isSafeInteger(received) && received > this.time && received <= OBSERVED_MAX) this.time = received;
  }

  get now(): number {
    return this.time;
  }
}
