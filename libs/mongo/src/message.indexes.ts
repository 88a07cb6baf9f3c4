import type { mongo } from 'mongoose';
import { indexesOf } from './connection/schema.indexes.ts';
import { MessageSchema } from './messages/message.schema.ts';

/** The indexes of the collection of messages, for a writer that does without this lib: the baseline of the bench. */
export const MESSAGE_INDEXES: mongo.IndexDescription[] = indexesOf(MessageSchema);

/** Those that are built anew when a foreign document made them slow. The unique one can't be missing while messages are written. */
export const renewedOf = (indexes: readonly mongo.IndexDescription[]): (mongo.IndexDescription & { name: string })[] =>
  indexes.filter((index): index is mongo.IndexDescription & { name: string } => !index.unique);
