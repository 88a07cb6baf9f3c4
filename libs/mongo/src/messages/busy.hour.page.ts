import type { mongo } from 'mongoose';
import type { BusyHour } from '../activity/busy.hour.ts';
import { StoreUnavailableError, readsOverloaded } from '../connection/mongo.errors.ts';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits } from '../connection/store.reads.ts';
import { isUuid } from './message.document.ts';
import { documentFrom } from './message.page.ts';
import { BY_PLACE } from './message.schema.ts';
import { directionOf, findOf, type FindRaw, type Stretch } from './time.stretch.ts';

/**
 * Conversations of one find. MongoDB merges the index scans of 200 (internalQueryMaxScansToExplode), so the first portion is
 * read in order. Its last message bounds all others, so these may have more: what MongoDB sorts there is new enough for
 * the page.
 */
const PORTIONS = { first: 200, others: 2000 } as const;
/** What decides the place of a message. MongoDB sorts by the index, and reads documents only of those that the page may have. */
const PLACE = { _id: 1, timestamp: 1, messageId: 1 } as const;

interface Ports {
  collection: string;
  find: FindRaw;
  limits: ReadLimits;
}

/**
 * The first messages of a stretch of a busy hour: found by their places, portion after portion, and then read.
 * @throws ReadsOverloadedError when its time is up; StoreUnavailableError, StoreBehindError
 */
export const busyHourPage = async (
  { collection, find, limits }: Ports,
  stretch: Omit<Stretch, 'conversations'> & { conversations: BusyHour },
  limit: number,
): Promise<Uint8Array[]> => {
  const inTurn = inOrder(directionOf(stretch));
  let first: Placed[] = [];
  try {
    for await (const conversations of stretch.conversations.portions(PORTIONS)) {
      // No later portion needs what lies behind a page that is full already.
      const bound = first.length === limit ? boundOf(first.at(-1)!, stretch) : undefined;
      const command = findOf(collection, { stretch, conversations }, { skip: 0, limit });
      const filter = bound ? { $and: [command.filter, bound] } : command.filter;
      const found = (await find({ ...command, filter, projection: PLACE }, limits)).map(placed);
      first = [...first, ...found].sort(inTurn).slice(0, limit);
    }
    if (first.length === 0) return [];
    const ids = first.map(({ _id }) => _id);
    const whole = {
      find: collection,
      filter: { _id: { $in: ids } },
      hint: BY_PLACE,
      batchSize: limit,
      singleBatch: true,
    };
    const documents = (await find(whole, limits)).map((bytes) => ({ ...placed(bytes), bytes }));
    return documents.sort(inTurn).map(({ bytes }) => bytes);
  } catch (error) {
    if (limits.withinMs > 1 || !(error instanceof StoreUnavailableError)) throw error;
    const detail = 'this user has too many conversations in one hour for the time of a page; read their conversations';
    throw readsOverloaded(detail, { cause: error });
  }
};

/** A message by its place in the order of time. */
interface Placed {
  _id: mongo.Document;
  timestamp: number;
  id: Uint8Array;
}

const NO_ID = new Uint8Array(0);

const placed = (bytes: Uint8Array): Placed => {
  const { _id, timestamp, messageId } = documentFrom(bytes);
  // A document that is no message is left out later; only its time is compared.
  return { _id, timestamp: Number(timestamp), id: isUuid(messageId) ? messageId.buffer : NO_ID };
};

const inOrder =
  (direction: Direction) =>
  (a: Placed, b: Placed): number =>
    direction * (a.timestamp - b.timestamp || Buffer.compare(a.id, b.id));

/** Nothing behind the last message of a full page. In the rest of one moment the time is fixed already. */
const boundOf = ({ timestamp }: Placed, { time, sort }: Pick<Stretch, 'time' | 'sort'>): mongo.Document | undefined => {
  if (typeof time['timestamp'] === 'number') return undefined;
  return { timestamp: { [directionOf({ sort }) === 1 ? '$lte' : '$gte']: timestamp } };
};
