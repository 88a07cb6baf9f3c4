import type { mongo } from 'mongoose';
import { MessageSchema } from './messages/message.schema.ts';

/** The indexes that a schema names. `background` is mongoose's own and has meant nothing since MongoDB 4.2. */
export const indexesOf = (schema: { indexes: typeof MessageSchema.indexes }): mongo.IndexDescription[] =>
  schema.indexes().map(([key, { background: _, ...options }]) => ({
    ...(options as Omit<mongo.IndexDescription, 'key'>),
    key: key as Record<string, 1 | -1>,
  }));

/** The indexes of the collection of messages, for a writer that does without this lib: the baseline of the bench. */
export const MESSAGE_INDEXES: mongo.IndexDescription[] = indexesOf(MessageSchema);

/** Those that are built anew when a foreign document made them slow. The unique one can't be missing while messages are written. */
export const renewedOf = (indexes: readonly mongo.IndexDescription[]): (mongo.IndexDescription & { name: string })[] =>
  indexes.filter((index): index is mongo.IndexDescription & { name: string } => !index.unique);
