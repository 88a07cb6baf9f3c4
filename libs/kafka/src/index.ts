export { createKafka, type KafkaSettings, type LogLine } from './client/kafka.client.ts';
export { NotSentError, OutcomeUnknownError } from './kafka.errors.ts';
export { KafkaProbe, type CommittedOffset } from './probe/kafka.probe.ts';
export {
  ProduceLane,
  type AppendBatch,
  type LanePolicy,
  type LanePorts,
  type LogRecord,
} from './produce/produce.lane.ts';
export { DEFAULT_LANE_POLICY, LogProducer, type LogProducerOptions } from './produce/log.producer.ts';
export { StoredPositions, type ReadCommitted } from './positions/stored.positions.ts';
export { BatchKafkaServer, type BatchServerOptions } from './consume/batch.server.ts';
export type { BatchOutcome, ConsumedRecord, LogBatch, RejectedRecord, Rejection } from './consume/batch.outcome.ts';
export type { RetryPolicy } from './consume/retry.wait.ts';
export { DeadLetterProducer, type DeadLetterProducerOptions } from './produce/dead-letter.producer.ts';
