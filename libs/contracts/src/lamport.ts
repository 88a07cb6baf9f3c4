/**
 * No clock follows a time over this. A record from elsewhere may hold any safe integer: after the largest one, the next
 * tick would be none, and no record with it would be taken.
 */
const OBSERVED_MAX = 2 ** 52;

/**
 * Lamport's logical clock: tick before a send, take the larger of both on a receive.
 * Source: L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978, IR1 and IR2.
 */
export class LamportClock {
  private time: number;

  constructor(start = 0) {
    this.time = start;
  }

  /** IR1: the time of the next local event. */
  tick(): number {
    this.time += 1;
    return this.time;
  }

  /** IR2: what was received is in the past of everything that follows here. */
  observe(received: number): void {
    if (Number.isSafeInteger(received) && received > this.time && received <= OBSERVED_MAX) this.time = received;
  }

  get now(): number {
    return this.time;
  }
}
