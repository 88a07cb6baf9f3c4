import { mongo } from 'mongoose';
import type { StoredMessage } from '@wiber/contracts';
import { messagesToJson, type MessagesAsJson } from './message.json.ts';

export interface PageRead {
  filter: mongo.Filter<StoredMessage>;
  sort: Record<string, 1 | -1>;
  /** The name of the index that serves it. */
  hint: string;
  skip: number;
  limit: number;
  /** Turn what was found round: a page that ends before a cursor is read away from it. */
  reverse: boolean;
  maxTimeMS: number;
}

export interface MessagePage extends MessagesAsJson {
  count: number;
  first: StoredMessage | undefined;
  last: StoredMessage | undefined;
}

/**
 * Reads whole documents and leaves them as bytes: a projection costs the server more than the bytes it saves, and only
 * the first and the last are needed as objects, for the cursors.
 */
export const readPage = async (collection: mongo.Collection<StoredMessage>, read: PageRead): Promise<MessagePage> => {
  const { filter, sort, hint, skip, limit, reverse, maxTimeMS } = read;
  const found = (await collection
    .find(filter, { sort, hint, skip, limit, batchSize: limit + 1, maxTimeMS, raw: true })
    .toArray()) as unknown as Uint8Array[];
  if (reverse) found.reverse();
  const at = (document: Uint8Array | undefined) => document && (mongo.BSON.deserialize(document) as StoredMessage);
  return { ...messagesToJson(found), count: found.length, first: at(found[0]), last: at(found.at(-1)) };
};
