export { MESSAGE_INDEXES } from './message.indexes.ts';
export { MESSAGE_FIELDS, MessageStore, type Refusal, type RejectedRecord, type StoreResult } from './message.store.ts';
export { StoreUnavailableError } from './mongo.errors.ts';
export type { StoreSettings } from './store.settings.ts';
