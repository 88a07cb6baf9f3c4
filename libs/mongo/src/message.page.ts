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

interface FindReply {
  cursor: { firstBatch: Uint8Array[] };
}

/**
 * Errors after which a read is tried once more, on whatever server is then the primary.
 * Source: MongoDB specifications, Retryable Reads, "Retryable Error".
 */
const RETRYABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/**
 * One find command with one batch, whole documents left as bytes. A cursor of the driver costs the gateway a fifth more, a
 * projection costs the server more than the bytes it saves, and only the first and the last are needed as objects, for
 * the cursors of the page. The driver retries reads of its cursors, not of commands: that is done here.
 */
export const readPage = async (db: mongo.Db, collection: string, read: PageRead): Promise<MessagePage> => {
  const found = await findRaw(db, collection, read).catch((error: unknown) => {
    if (!isRetryable(error)) throw error;
    return findRaw(db, collection, read);
  });
  if (read.reverse) found.reverse();
  const at = (document: Uint8Array | undefined) => document && (mongo.BSON.deserialize(document) as StoredMessage);
  return { ...messagesToJson(found), count: found.length, first: at(found[0]), last: at(found.at(-1)) };
};

const findRaw = async (db: mongo.Db, collection: string, read: PageRead): Promise<Uint8Array[]> => {
  const { filter, hint, skip, limit, maxTimeMS } = read;
  // A Map: the order of the fields is the order of the sort.
  const sort = new Map(Object.entries(read.sort));
  // All in the one batch: without batchSize the first has 101. 500 documents of the largest content are 11 MB of the 16
  // that a reply may have.
  const command = { find: collection, filter, sort, hint, skip, limit, batchSize: limit, singleBatch: true, maxTimeMS };
  const reply = await db.command(command, { fieldsAsRaw: { firstBatch: true } });
  return (reply as unknown as FindReply).cursor.firstBatch;
};

const isRetryable = (error: unknown): boolean =>
  error instanceof mongo.MongoNetworkError ||
  (error instanceof mongo.MongoServerError && RETRYABLE.has(Number(error.code)));
