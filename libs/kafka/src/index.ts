export { createKafka, type KafkaSettings, type LogLine } from './kafka.client.ts';
export { NotSentError, OutcomeUnknownError } from './kafka.errors.ts';
export { KafkaProbe, type CommittedOffsets } from './kafka.probe.ts';
export { ProduceLane, type AppendBatch, type LanePolicy, type LanePorts, type LogRecord } from './produce.lane.ts';
export { DEFAULT_LANE_POLICY, LogProducer, type LogProducerOptions } from './log.producer.ts';
export { StoredPositions, type ReadCommitted } from './stored.positions.ts';
export { BatchKafkaServer, type BatchServerOptions } from './batch.server.ts';
export type { BatchOutcome, ConsumedRecord, LogBatch } from './batch.attempts.ts';
