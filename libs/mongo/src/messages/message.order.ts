import type { mongo } from 'mongoose';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits } from '../connection/store.reads.ts';
import { FIRST_ID, LAST_ID, uuidOf } from './message.document.ts';
import { CONVERSATION_BY_LAMPORT, CONVERSATION_BY_LOG, CONVERSATION_BY_TIME } from './message.schema.ts';

export type MessageSort = 'timestamp' | 'lamport' | 'log';
export type MessageOrder = 'asc' | 'desc';

/**
 * The position of a message in a sort: [timestamp, messageId], [lamport, messageId] or [partition, offset, again]. Without
 * `again` it is the first message at its place.
 */
export type MessageCursor =
  | readonly [time: number, messageId: string]
  | readonly [partition: number, offset: number]
  | readonly [partition: number, offset: number, again: number];

/** A page of messages. At most one of `after` and `before` is given. */
export interface PageQuery extends ReadLimits {
  sort: MessageSort;
  order: MessageOrder;
  limit: number;
  /** Messages to pass over, from the cursor or from the start of the order. */
  skip: number;
  after?: MessageCursor | undefined;
  before?: MessageCursor | undefined;
}

/** The fields that a sort compares, in this order, and the index that has them behind the conversation. */
export const SORTS = {
  timestamp: { fields: ['timestamp', 'messageId'], index: CONVERSATION_BY_TIME },
  lamport: { fields: ['lamport', 'messageId'], index: CONVERSATION_BY_LAMPORT },
  log: { fields: ['_id.partition', '_id.offset'], index: CONVERSATION_BY_LOG },
} as const;

/** A page before a cursor is read from the cursor backwards, and reversed afterwards. */
export const directionOf = ({ order, before }: Pick<PageQuery, 'order' | 'before'>): Direction =>
  (order === 'asc') === (before === undefined) ? 1 : -1;

export const sortFor = (sort: MessageSort, direction: Direction): Map<string, Direction> => {
  const [major, minor] = SORTS[sort].fields;
  // A Map: the order of its keys is the order of the sort.
  return new Map([
    [major, direction],
    [minor, direction],
  ]);
};

/** No message has a time or a place outside of these, and none has an id outside of those. */
const LAST = Number.MAX_SAFE_INTEGER;
const [FIRST_UUID, LAST_UUID] = [uuidOf(FIRST_ID), uuidOf(LAST_ID)];

/** Bounded on both sides: an id that is no UUID may sort outside of all of them. */
export const idsBehind = (messageId: string, direction: Direction): mongo.Document =>
  direction === 1 ? { $gt: uuidOf(messageId), $lte: LAST_UUID } : { $lt: uuidOf(messageId), $gte: FIRST_UUID };

/**
 * Everything behind a cursor in a direction: two fields, compared one after the other as the index orders them. Bounded on
 * both sides, and by the next whole number: a document that is no message may have its place outside of all cursors, or
 * between two of them. Each further page would find it again.
 */
export const beyond = (sort: MessageSort, cursor: MessageCursor, direction: Direction): mongo.Document => {
  const [first, second, again = 0] = cursor;
  const [major, minor] = SORTS[sort].fields;
  const value = typeof second === 'string' ? uuidOf(second) : second;
  const isAscending = direction === 1;
  const behind = (place: number): mongo.Document =>
    isAscending ? { $gte: place + 1, $lte: LAST } : { $lte: place - 1, $gte: 0 };
  const others = typeof second === 'string' ? idsBehind(second, direction) : behind(second);
  const all = [{ [major]: behind(first) }, { [major]: first, [minor]: others }];
  if (sort !== 'log') return { $or: all };
  return { $or: [...all, ...atThePlace({ [major]: first, [minor]: value }, again, direction)] };
};

/**
 * The other messages at the place of a cursor. Only a topic that was made anew has them. The index does not hold `again`:
 * MongoDB returns equal keys in the order of their insertion, and that is the order of `again`.
 */
const atThePlace = (place: mongo.Document, again: number, direction: Direction): mongo.Document[] => {
  if (direction === 1) return [{ ...place, '_id.again': { $gt: again } }];
  // The first message at a place has no `again`, so $lt would miss it.
  return again > 0 ? [{ ...place, '_id.again': { $not: { $gte: again } } }] : [];
};
