export { DEAD_LETTER_INDEXES } from './dead.letter.indexes.ts';
export {
  DeadLetterStore,
  type FailedRecord,
  type LetterCursor,
  type LetterPageRead,
  type LetterSummary,
  type ListedLetter,
  type RecordPlace,
  type ReplayIntent,
} from './dead.letter.store.ts';
export { MESSAGE_INDEXES } from './message.indexes.ts';
export { type MessagePage, type PageRead } from './message.page.ts';
export { MessageStore, type Refusal, type StoreResult } from './message.store.ts';
export { StoreUnavailableError } from './mongo.errors.ts';
export type { StoreSettings } from './store.settings.ts';
