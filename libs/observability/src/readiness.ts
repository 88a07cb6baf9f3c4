import type { HealthCheckResult, HealthIndicatorFunction } from '@nestjs/terminus';
import type { WatchedBreaker } from './breaker.board.ts';

export type Dependency = 'kafka' | 'mongodb';
/** One a dependency: each asks it and answers under its name within READINESS_DEADLINE_MS. */
export type DependencyIndicators = HealthIndicatorFunction[];

export interface Readiness {
  status: 'ready' | 'not_ready';
  kafka: 'connected' | 'disconnected';
  mongodb: 'connected' | 'disconnected';
  /** Each circuit breaker's state; it tells of the last calls, and does not decide. */
  breakers: Record<string, WatchedBreaker['state']>;
}

export const READINESS_DEADLINE_MS = 1000;

/** Terminus' answer in the words of Wiber's contract. A process that is shutting down is not ready, whoever answers it. */
export const readinessOf = ({ status, details }: HealthCheckResult, breakers: Readiness['breakers']): Readiness => {
  const word = (dependency: Dependency) => (details[dependency]?.status === 'up' ? 'connected' : 'disconnected');
  return { status: status === 'ok' ? 'ready' : 'not_ready', kafka: word('kafka'), mongodb: word('mongodb'), breakers };
};
