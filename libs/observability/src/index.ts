export { BreakerBoard, type WatchedBreaker } from './breaker.board.ts';
export { breakerLogger } from './breaker.logger.ts';
export { ClockBoard, type WatchedClock } from './clock.board.ts';
export { METRIC } from './metric.names.ts';
export { metricBuckets, metricSum } from './metric.values.ts';
export {
  READINESS_DEADLINE_MS,
  readinessOf,
  type Dependency,
  type DependencyIndicators,
  type Readiness,
} from './readiness.ts';
export { startMetrics } from './metrics.registry.ts';
export { TallyHistogram } from './tally.histogram.ts';
export { createLogger, type WiberLogger } from './app.logger.ts';
export { EVENT_STREAM, observeRequests, type DescribeRequest } from './request.observer.ts';
export { HealthModule } from './health.module.ts';
export type { HealthLooks } from './health.controller.ts';
export { InstanceState } from './instance.state.ts';
export { ServedWorkList, type ServedWork, type Serving, type ServingLooks } from './serving.ts';
export { endOnFault } from './process.faults.ts';
export { TopicBoard } from './topic.board.ts';
export { UnreadableBoard } from './unreadable.board.ts';
export {
  NO_TRACING,
  type OpenSpan,
  type SpanEnd,
  type SpanPlace,
  type SpanStart,
  type Tracing,
} from './tracing/tracing.ts';
export { openTracing, type TracingOptions } from './tracing/tracing.opener.ts';
export { spanOf, traceRequests, type RequestTracingOptions } from './tracing/request.tracing.ts';
export { ATTRIBUTE } from './tracing/span.attributes.ts';
