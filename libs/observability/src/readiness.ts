import type { HealthCheckResult, HealthIndicatorFunction } from '@nestjs/terminus';
import type { WatchedBreaker } from './breaker.board.ts';

export type Dependency = 'kafka' | 'mongodb';
/** One for each dependency: it asks the dependency and answers under its name within READINESS_DEADLINE_MS. */
export type DependencyIndicators = HealthIndicatorFunction[];

export interface Readiness {
  status: 'ready' | 'not_ready';
  kafka: 'connected' | 'disconnected';
  mongodb: 'connected' | 'disconnected';
  /** The state of each circuit breaker: about the last calls, and without effect on `status`. */
  breakers: Record<string, WatchedBreaker['state']>;
}

export const READINESS_DEADLINE_MS = 1000;

/** Translates Terminus' result into Wiber's contract. An instance that stops is not ready, also while both answer. */
export const readinessOf = (
  { status, details }: HealthCheckResult,
  { breakers, isDraining }: { breakers: Readiness['breakers']; isDraining: boolean },
): Readiness => {
  const word = (dependency: Dependency) => (details[dependency]?.status === 'up' ? 'connected' : 'disconnected');
  const isReady = status === 'ok' && !isDraining;
  return { status: isReady ? 'ready' : 'not_ready', kafka: word('kafka'), mongodb: word('mongodb'), breakers };
};
