/** No gateway comes to it. Behind a larger time the next tick could be no safe integer, and its message be rejected. */
export const LAMPORT_MAX = 2 ** 52;

/** True for a time that a clock goes on from. A larger one is of a foreign writer: it must not hide the times beside it. */
export const isLamportTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAMPORT_MAX;

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
    if (isLamportTime(received) && received > this.time) this.time = received;
  }

  get now(): number {
    return this.time;
  }
}
