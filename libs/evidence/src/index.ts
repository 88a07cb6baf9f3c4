export {
  readDeadLetters,
  streamDeadLetters,
  type DeadLetterBatch,
  type DeadLetterRecord,
  type DeadLetterTotals,
} from './dead-letters/dead-letter.reader.ts';
export { EvidenceError } from './evidence.errors.ts';
export {
  readCountedTo,
  readWindows,
  recountWindows,
  type CountedTo,
  type FiguresNames,
} from './figures/figures.reader.ts';
export { FiguresRecount, type WindowFigures } from './figures/figures.recount.ts';
export { readKeptTerms, readLeadershipTrace, type KeptTerm } from './leadership/leadership.reader.ts';
export { deleteLease, forgetTerm } from './leadership/lease.editor.ts';
export { leadershipTraceOf, type GuardedWrite, type LeadershipTrace } from './leadership/leadership.trace.ts';
export type { LeaseRelease, LeaseTake } from './leadership/lease.trace.ts';
export { LeaseWatch, type SeenLeader } from './leadership/lease.watch.ts';
export { readTrail, type TrailWrite } from './leadership/term.trail.ts';
export { GroupReader, type GroupMember } from './log/group.reader.ts';
export { LogReader, type PartitionBounds } from './log/log.reader.ts';
export { digestOfRecord, type LogRecord } from './log/log.record.ts';
export type { LogRange, RecordBatch } from './log/ranges.reading.ts';
export { partitionStates, type PartitionState } from './log/partition.states.ts';
export { leaderIdOf, partitionsOutOfSync } from './log/topic.leaders.ts';
export { readTopic, withLogReader, type TopicRecord } from './log/topic.records.ts';
export { makeResultsFolder } from './results.folder.ts';
export { activityGroupOf, activityKeyOf, type ActiveMessage } from './store/activity.format.ts';
export type { CacheReads } from './store/cache.reads.ts';
export { DocumentStream, type DocumentPages } from './store/document.stream.ts';
export {
  electionOf,
  isPrimaryOrSecondary,
  lastWriteTime,
  memberDigests,
  memberTime,
  primaryAddress,
  requireReplicated,
  type SetElection,
} from './store/replica.set.reader.ts';
export { commandMember } from './store/replica.set.command.ts';
export { StoreEditor, type RebuildMark } from './store/store.editor.ts';
export { StoreReader, type StoreNames } from './store/store.reader.ts';
export type { StoreSizes } from './store/store.sizes.ts';
export {
  FIELDS_OF_RECORD,
  FIRST_PLACE,
  LAST_PLACE,
  MESSAGE_PROJECTION,
  byTime,
  encodeMessage,
  messageOfRow,
  ofConversation,
  requireMessage,
  type DoubledId,
  type StoredDocument,
  type StoredFields,
  type UncheckedPlace,
} from './store/stored.document.ts';
