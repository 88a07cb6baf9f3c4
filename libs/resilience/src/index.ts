export { backoffMs, type BackoffPolicy } from './backoff.ts';
export { Breaker, BreakerOpenError, type BreakerPolicy, type BreakerState } from './breaker.ts';
export { monotonicNow, type MonotonicClock } from './clock.ts';
export { DeadlineError, withDeadline } from './deadline.ts';
export { delay } from './delay.ts';
export { hedged, type HedgePolicy } from './hedge.ts';
export { singleFlight } from './single.flight.ts';
export { oncePerTurn } from './once.per.turn.ts';
