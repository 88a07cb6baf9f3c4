import { monotonicNow, oncePerTurn, type MonotonicClock } from '@wiber/resilience';

/** So many requests are free, so that a usual turn of the event loop costs nothing here. */
const FREE_REQUESTS = 8;
/**
 * How long new requests may keep one turn of the event loop busy before the next ones wait for a later turn, in milliseconds.
 * libuv accepts one connection in each turn, so a probe waits as many turns as connections came before it.
 */
const TURN_MS = 4;

/** Bounds what the new requests of all connections together may cost in one turn of the event loop. */
export class TurnBudget {
  private readonly now: MonotonicClock;
  private requests = 0;
  private since = 0;
  private readonly renewSoon = oncePerTurn(() => (this.requests = 0));

  constructor(now: MonotonicClock = monotonicNow) {
    this.now = now;
  }

  count(): void {
    this.requests += 1;
    if (this.requests !== FREE_REQUESTS) return;
    this.since = this.now();
    this.renewSoon();
  }

  get isSpent(): boolean {
    return this.requests >= FREE_REQUESTS && this.now() - this.since > TURN_MS;
  }
}
