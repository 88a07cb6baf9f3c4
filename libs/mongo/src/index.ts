export { MESSAGE_INDEXES } from './message.indexes.ts';
export { type MessagePage, type PageRead } from './message.page.ts';
export { MessageStore, type Refusal, type StoreResult } from './message.store.ts';
export { StoreUnavailableError } from './mongo.errors.ts';
export type { StoreSettings } from './store.settings.ts';
