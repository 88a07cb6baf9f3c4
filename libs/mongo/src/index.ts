export {
  MessageUnreadableError,
  CausalTokenAheadError,
  FencedError,
  LeaseUnreadableError,
  ReadsOverloadedError,
  StoreBehindError,
  StoreFormatError,
  StoreSetupError,
  StoreUnavailableError,
  WriteConcernUnknownError,
  readsOverloaded,
} from './connection/mongo.errors.ts';
export { ReadTurns } from './connection/read.turns.ts';
export { sharedLimits, type ReadLimits } from './connection/store.reads.ts';
export {
  READ_CONCERNS,
  READ_MODES,
  SAFE_STORE,
  SHARD_KEYS,
  type ReadConcern,
  type ReadMode,
  type ReadPreference,
  type ShardKey,
  type StoreSettings,
  type WriteConcern,
} from './connection/store.settings.ts';
export { ClockUnreadableError } from './clocks/server.clock.ts';
export type { MemberClock } from './clocks/member.clocks.ts';
export { StoreClocks, type ClockOwner, type ClockReport, type OwnClock } from './clocks/store.clocks.ts';
export { DeadLetterPruner } from './dead-letters/dead-letter.pruner.ts';
export { DeadLetterReader, type LetterPageQuery } from './dead-letters/dead-letter.reader.ts';
export type {
  FailedRecord,
  LetterCursor,
  LetterSummary,
  ListedLetter,
  ListedRecord,
  ReplayIntent,
} from './dead-letters/listed.letter.ts';
export { DeadLetterWriter } from './dead-letters/dead-letter.writer.ts';
export { FencedPortions } from './fence/fenced.portions.ts';
export { LeaseHistory } from './leases/lease.history.ts';
export { LeaseReader, type ShownLease, type ShownTerm } from './leases/lease.reader.ts';
export { LeaseStore } from './leases/lease.store.ts';
export type { LeaseHolder } from './leases/lease.updates.ts';
export { MemberWatch, NoReplicaSetError } from './members/member.watch.ts';
export type { Refusal } from './messages/message.insert.ts';
export type { MessagePage } from './messages/message.page.ts';
export type { CountOf } from './messages/message.counts.ts';
export { MessageReader, type MessageIdentity } from './messages/message.reader.ts';
export { MessageWriter, type StoreResult } from './messages/message.writer.ts';
export type { StoredFacts } from './messages/stored.facts.ts';
export type { MessageCursor, MessageOrder, MessageSort, PageQuery } from './messages/message.order.ts';
export type { OnUnreadable, UnreadableDocument } from './messages/unreadable.documents.ts';
export { PulseStore } from './pulses/pulse.store.ts';
export { type ReplacedPulse } from './pulses/readable.pulse.ts';
export { BusiestReader } from './stats/busiest.reader.ts';
export { BUSIEST_SPANS, type BusiestKey, type BusiestSpan } from './stats/busiest.schema.ts';
export { BusiestStore, busiestKeyText, type BusiestChange, type BusiestState } from './stats/busiest.store.ts';
export type { PartitionGauges } from './stats/progress.schema.ts';
export { ClocksStore, ServersStore } from './stats/look.store.ts';
export { LookRefusedError, StoreLook } from './stats/store.look.ts';
export { StatsReader, type WindowsQuery } from './stats/stats.reader.ts';
export { StatsWriter, type AddOptions } from './stats/stats.writer.ts';
export { ProgressGoneError, type Advance, type Progress, type StreamAdvance } from './stats/topic.progress.ts';
export { StoredTimes, type PlaceRange, type StoredTime } from './stats/stored.times.ts';
export { StoredHistory } from './stats/stored.history.ts';
export { StoredTotal } from './stats/stored.total.ts';
export { windowsAtOnce, type WindowPart } from './stats/window.parts.ts';
export { FiguresRefusedError, VainRounds } from './stats/vain.rounds.ts';
export type { WindowKey } from './stats/window.schema.ts';
export type { WindowDelta } from './stats/window.update.ts';
export type { WindowView } from './stats/window.views.ts';
export { PartitionRegister } from './topics/partition.register.ts';
export { StoreModule, type StoreModuleOptions } from './store.module.ts';
export { MESSAGE_INDEXES } from './message.indexes.ts';
export { activityCollectionOf } from './store.models.ts';
export { Store } from './store.ts';
