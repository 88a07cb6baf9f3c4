export { DEAD_LETTER_INDEXES } from './dead-letter.indexes.ts';
export {
  DeadLetterStore,
  type FailedRecord,
  type LetterCursor,
  type LetterPageRead,
  type LetterSummary,
  type ListedLetter,
  type RecordPlace,
  type ReplayIntent,
} from './dead-letter.store.ts';
export { MESSAGE_INDEXES } from './message.indexes.ts';
export type { Refusal } from './message.insert.ts';
export { type MessagePage, type PageRead } from './message.page.ts';
export { MessageStore, type StoreResult } from './message.store.ts';
export { StoreBehindError, StoreUnavailableError, WriteConcernUnknownError } from './mongo.errors.ts';
export { READ_BREAKER, StoreBreaker, WRITE_BREAKER, isStoreAway, type StoreBreakerOptions } from './store.breaker.ts';
export type { ReadLimits } from './store.reader.ts';
export {
  READ_CONCERNS,
  READ_MODES,
  SAFE_STORE,
  type ReadConcern,
  type ReadMode,
  type ReadPreference,
  type StoreSettings,
  type WriteConcern,
} from './store.settings.ts';
