export {
  DEAD_LETTERS_COLLECTION,
  COLLECTION_SUFFIX,
  COLLECTION_SUFFIXES,
  FIXED_COLLECTIONS,
  LEASES_COLLECTION,
  LEASE_TERMS_COLLECTION,
  PARTITIONS_MAX,
  TOPICS_COLLECTION,
  DEAD_LETTER_HEADER,
  DEFAULT_COLLECTION,
  DEFAULT_CONSUMER_GROUP,
  DEFAULT_DATABASE,
  DEFAULT_TOPIC,
  HEADER,
  KAFKA_OWN_PREFIX,
  SCHEMA_VERSION,
  deadLetterTopicOf,
  isOwnCollection,
  isReservedTopic,
  metricsLeaseOf,
} from './topics.ts';
export {
  DEAD_LETTER_REASONS,
  DEAD_LETTER_STATES,
  ERROR_MAX,
  LISTED_REASONS,
  deadLetterHeaders,
  deadLetterIdOf,
  parseDeadLetterId,
  parseStrayLetterId,
  readDeadLetter,
  strayLetterIdOf,
  type DeadLetter,
  type DeadLetterReason,
  type DeadLetterState,
  type ListedReason,
  type TrailEntry,
} from './dead-letter.ts';
export { BODY_MAX_BYTES, CONTENT_MAX, conversationIdOf, contentProblem } from './conversation.ts';
export { USERNAME_SCHEMA, normaliseUsername, usernameProblem } from './username.ts';
export {
  SEEN_TOKEN_PATTERN,
  causalTokenOf,
  isCausalToken,
  readSeenToken,
  seenTokenOf,
  timeOfCausalToken,
  type CausalToken,
  type Seen,
} from './causal-token.ts';
export { LAMPORT_MAX, LamportClock, isLamportTime } from './lamport.ts';
export { commitNoteOf, readCommitNote, type CommitNote } from './commit.note.ts';
export { INSTANCE_NAME, readInstanceName } from './instance.name.ts';
export type { LogPosition, TopicPosition } from './log.position.ts';
export {
  decodeMessage,
  isMessageId,
  isTime,
  sameBody,
  toStored,
  type Decoded,
  type Message,
  type StoredMessage,
  type Storing,
} from './message.ts';
export {
  FIELD_ERRORS_MAX,
  PROBLEMS,
  ProblemError,
  problemOf,
  type FieldError,
  type Problem,
  type ProblemCode,
} from './problems.ts';
export { CountDto, FieldErrorDto, MessageDto, ProblemDto, SendMessageDto } from './message.dto.ts';
export { DeadLetterStateDto, DiscardDto, NOTE_MAX, ReplayDto } from './dead-letter-decision.dto.ts';
export { DeadLetterDto, DeadLetterSummaryDto, RecordHeaderDto, TrailEntryDto } from './dead-letter.dto.ts';
export { MessageTraceDto, TraceStepDto } from './message-trace.dto.ts';
export { readTraceparent, traceparentOf, type TraceContext } from './trace.context.ts';
export { wallNow } from './wall.clock.ts';
export {
  HASH_BITS,
  countDistinct,
  sampleOf,
  type DistinctCount,
  type DistinctSample,
} from './stats/distinct.sample.ts';
export { BUSIEST_KEPT, busierBy, mergeBusiest, unlistedAtMost, type BusyName } from './stats/busiest.list.ts';
export { binOf, quantileOf, upperBoundOf, type Bins } from './stats/latency.histogram.ts';
export {
  COUNT,
  SAMPLE,
  SAMPLE_SIZE,
  STREAMS,
  WINDOW_MS,
  WINDOW_SIZES,
  latencyCount,
  latencyOf,
  mergeFigures,
  reasonCount,
  reasonsOf,
  startOf,
  type Figures,
  type Span,
  type Stream,
  type WindowSize,
} from './stats/stats.window.ts';
export {
  DistinctDto,
  LatencyDto,
  ReasonCountDto,
  STATS_METRICS,
  StatsPointDto,
  StatsSeriesDto,
  type StatsMetric,
} from './stats/series.dto.ts';
export { LeaderDto, LeaderTermDto } from './stats/leader.dto.ts';
export { BusiestDto, BusyConversationDto } from './stats/busiest.dto.ts';
export {
  BrokerDto,
  BrokerLogDto,
  BrokersDto,
  GroupDto,
  GroupMemberDto,
  LogSizeDto,
  PartitionLogDto,
  ReplicasDto,
  TopicReplicasDto,
} from './stats/kafka.dto.ts';
export {
  CollectionSizeDto,
  IndexSizeDto,
  OpenLettersDto,
  ReplicaSetDto,
  StoreDiskDto,
  StoreMemberDto,
} from './stats/store.dto.ts';
export {
  SERVERS_PARTS,
  ServersDto,
  UnknownPartDto,
  type ServersPart,
  type ServersSnapshot,
} from './stats/servers.dto.ts';
export {
  CLOCKS_PARTS,
  CLOCK_KINDS,
  ClockDto,
  ClocksDto,
  UnknownClocksDto,
  type ClockKind,
  type ClocksPart,
  type ClocksSnapshot,
} from './stats/clocks.dto.ts';
export {
  AcceptedStatsDto,
  DeadLetteredStatsDto,
  StatsOverviewDto,
  StatsPartitionDto,
  StoredStatsDto,
} from './stats/stats.dto.ts';
export {
  BREAKER_STATES,
  LOOK_EVENTS,
  LOOK_PARTS,
  LOOK_SEVERITIES,
  type BreakerState,
  type BrokerLook,
  type Bye,
  type GatewayLook,
  type IngestLook,
  type InstanceLook,
  type InstanceStatus,
  type LeaderLook,
  type Look,
  type LookEvent,
  type LookEventKind,
  type LookLatency,
  type LookPart,
  type MemberLook,
  type PartitionLook,
  type UnknownLook,
  type WorkerLook,
} from './stats/look.ts';
export { EXAMPLE_LOOK } from './stats/look.example.ts';
export { StreamedByeDto, StreamedLookDto } from './stats/look-stream.dto.ts';
export {
  PULSE_APPS,
  PULSE_MAX,
  type CountedTimes,
  type Pulse,
  type PulseApp,
  type PulseFigures,
} from './stats/pulse.ts';
export {
  TRACE_CLOCKS,
  TRACE_STATES,
  TRACE_STEPS,
  type MessageTrace,
  type TraceClock,
  type TraceState,
  type TraceStep,
  type TraceStepKind,
} from './message.trace.ts';
export { VERSION } from './version.ts';
