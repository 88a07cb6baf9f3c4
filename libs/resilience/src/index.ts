export { backoffMs, type BackoffPolicy } from './backoff.ts';
export { Breaker, BreakerOpenError, type BreakerPolicy, type BreakerState } from './breaker.ts';
export { monotonicNow, type MonotonicClock } from './clock.ts';
export { bestOffsetOf, offsetOf, type ClockExchange, type ClockOffset } from './clocks/clock.exchange.ts';
export { LeastDelay, WINDOW_MS } from './clocks/least.delay.ts';
export { DeadlineError, withDeadline } from './deadline.ts';
export { Budget, type BudgetPolicy } from './budget.ts';
export { delay } from './delay.ts';
export { hedged, type HedgePolicy } from './hedge.ts';
export { singleFlight } from './single.flight.ts';
export { oncePerTurn } from './once.per.turn.ts';
export { WorkShare, type SharePolicy } from './work.share.ts';
export { Election, type ElectionEvents, type ElectionPorts, type LeaseCaller } from './lease/election.ts';
export type { Lead } from './lease/lead.ts';
export { leaseFenceOf, type LeaseFence } from './lease/lease.fence.ts';
export { LeaseContender, type ContenderPorts, type LeaseStep } from './lease/lease.contender.ts';
export { LEASE_TTL_MAX_MS, LeasePolicyError, checkedLeasePolicy, type LeasePolicy } from './lease/lease.policy.ts';
export {
  LEASE_ENDS,
  type AcquireCall,
  type LeaseAnswer,
  type LeaseBeat,
  type LeaseCall,
  type LeaseEnd,
  type LeaseRecord,
  type ReleaseCall,
  type RenewCall,
  type StealCall,
} from './lease/lease.record.ts';
export type { LeaseTerm, TermEnd } from './lease/lease.term.ts';
