export { backoffMs, type BackoffPolicy } from './backoff.ts';
export { DeadlineError, withDeadline } from './deadline.ts';
