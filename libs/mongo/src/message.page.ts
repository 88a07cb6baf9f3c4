import { mongo } from 'mongoose';
import type { StoredMessage } from '@wiber/contracts';
import { messagesToJson, type MessagesAsJson } from './message.json.ts';
import type { ReadLimits } from './store.reader.ts';

export interface PageRead extends ReadLimits {
  filter: mongo.Filter<StoredMessage>;
  sort: Record<string, 1 | -1>;
  /** The name of the index that serves it. */
  hint: string;
  skip: number;
  limit: number;
  /** Turn what was found round: a page that ends before a cursor is read away from it. */
  reverse: boolean;
}

export interface MessagePage extends MessagesAsJson {
  count: number;
  first: StoredMessage | undefined;
  last: StoredMessage | undefined;
}

export interface RawFindReply {
  cursor: { firstBatch: Uint8Array[] };
}

/** Runs a find whose documents stay bytes. */
type Find = (command: mongo.Document) => Promise<RawFindReply>;

/**
 * One find command with one batch, whole documents left as bytes. A cursor of the driver costs the gateway a fifth more, a
 * projection costs the server more than the bytes it saves, and only the first and the last are needed as objects, for
 * the cursors of the page.
 */
export const readPage = async (find: Find, collection: string, read: PageRead): Promise<MessagePage> => {
  const { filter, hint, skip, limit } = read;
  // A Map: the order of the fields is the order of the sort.
  const sort = new Map(Object.entries(read.sort));
  // All in the one batch: without batchSize the first has 101. 500 documents of the largest content are 11 MB of the 16
  // that a reply may have.
  const reply = await find({ find: collection, filter, sort, hint, skip, limit, batchSize: limit, singleBatch: true });
  const found = reply.cursor.firstBatch;
  if (read.reverse) found.reverse();
  const at = (document: Uint8Array | undefined) => document && (mongo.BSON.deserialize(document) as StoredMessage);
  return { ...messagesToJson(found), count: found.length, first: at(found[0]), last: at(found.at(-1)) };
};
