export { BreakerBoard, type WatchedBreaker } from './breaker.board.ts';
export { breakerLogger } from './breaker.logger.ts';
export { METRIC } from './metric.names.ts';
export {
  READINESS_DEADLINE_MS,
  readinessOf,
  type Dependency,
  type DependencyIndicators,
  type Readiness,
} from './readiness.ts';
export { startMetrics } from './metrics.registry.ts';
export { createLogger, type WiberLogger } from './app.logger.ts';
export { observeRequests } from './request.observer.ts';
export { HealthModule } from './health.module.ts';
export { endOnFault } from './process.faults.ts';
export { TopicBoard } from './topic.board.ts';
export { UnreadableBoard } from './unreadable.board.ts';
