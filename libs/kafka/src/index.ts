export { createKafka } from './client/kafka.client.ts';
export type { LogLine } from './client/log.line.ts';
export {
  SASL_MECHANISMS,
  type KafkaSecurity,
  type LoginListener,
  type SaslMechanism,
  type TlsIdentity,
} from './security/kafka.security.ts';
export { NotSentError, OutcomeUnknownError, PositionGoneError } from './kafka.errors.ts';
export { isKafkaFailure } from './kafka.failure.ts';
export {
  LogFetcher,
  type FetchPlan,
  type FetchResult,
  type FetchedPartition,
  type ReadRecord,
} from './fetch/log.fetcher.ts';
export { RecordReader, type FoundRecord } from './fetch/record.reader.ts';
export { ClusterProbe, type SeenMember, type SeenReplicas } from './probe/cluster.probe.ts';
export { KafkaProbe, type CommittedOffset } from './probe/kafka.probe.ts';
export type { BrokerLog } from './probe/log-dirs.request.ts';
export { LogSizes } from './probe/log.sizes.ts';
export { QuorumProbe } from './probe/quorum.probe.ts';
export { QuorumRefusedError } from './probe/quorum.request.ts';
export { REPLICAS, deadLetterRisksOf, mendingCommand, topicRisksOf, type TopicRisk } from './probe/topic.settings.ts';
export { DEFAULT_LANE_POLICY } from './produce/lane.policy.ts';
export type { Appended } from './client/append.times.ts';
export type { LogRecord } from './client/log.record.ts';
export { LogProducer } from './produce/log.producer.ts';
export { DeadLetterProducer } from './produce/dead-letter.producer.ts';
export { cutSinceCommit, type CutRecords, type CutsSinceCommit } from './consume/cut.detector.ts';
export { LogEnds, type Existence } from './positions/log.ends.ts';
export {
  PassedPositions,
  waitBoundsOf,
  type ReadCommitted,
  type WaitOptions,
  type WaitResult,
  type WhenGone,
} from './positions/passed.positions.ts';
export { LamportNotes, type LamportNotesPorts } from './consume/lamport.notes.ts';
export { BatchKafkaServer } from './consume/batch.server.ts';
export { RETRY_REASONS, type RetryReason } from './consume/retry.wait.ts';
export type { BatchOutcome, ConsumedRecord, LogBatch, RejectedRecord, Rejection } from './consume/batch.outcome.ts';
