import { mongo } from 'mongoose';
import { isTime } from '@wiber/contracts';
import { FIRST_ID, LAST_ID, isUuid, messageIdOf } from './message.document.ts';
import type { MessageCursor, MessageOrder, MessageSort } from './message.order.ts';
import type { MessageDocument } from './message.schema.ts';

const LAST = Number.MAX_SAFE_INTEGER;

/**
 * The position of a document in a sort, so that the next page begins behind it. A document that is no message has the
 * position that MongoDB's order of types gives it: before all messages, behind all of them, or between two.
 * Source: https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 *
 * @param order in which the page is read that begins there
 */
export const cursorOf = (
  { timestamp, lamport, messageId, _id }: Partial<MessageDocument>,
  { sort, order }: { sort: MessageSort; order: MessageOrder },
): MessageCursor => {
  if (sort === 'log') {
    const partition = numberOf(_id?.partition);
    const offset = numberOf(_id?.offset);
    if (partition < 0) return [0, -1];
    if (partition > LAST) return [LAST, LAST];
    // No message has half a partition or half an offset: the place is behind all below it, and before all above it.
    if (!isTime(partition)) return [Math.floor(partition), LAST];
    const again = _id?.again;
    if (isTime(offset) && isTime(again) && again > 0) return [partition, offset, again];
    return [partition, Math.min(LAST, Math.max(-1, order === 'asc' ? Math.floor(offset) : Math.ceil(offset)))];
  }
  const time = numberOf(sort === 'timestamp' ? timestamp : lamport);
  if (time < 0) return [0, FIRST_ID];
  if (time > LAST) return [LAST, LAST_ID];
  if (!isTime(time)) return order === 'asc' ? [Math.ceil(time), FIRST_ID] : [Math.floor(time), LAST_ID];
  return [time, isUuid(messageId) ? messageIdOf(messageId) : isBelowUuid(messageId) ? FIRST_ID : LAST_ID];
};

/** The number that a value sorts as: -1 for what sorts before all times, Infinity for what sorts behind them. */
const numberOf = (value: unknown): number => {
  const number = value instanceof mongo.Decimal128 || value instanceof mongo.Long ? Number(value.toString()) : value;
  if (typeof number === 'number') return number >= 0 ? number : -1;
  return value === undefined || value === null || value instanceof mongo.MinKey ? -1 : Infinity;
};

/** Whether a value that is no UUID sorts before UUIDs. Binaries sort by length, then by kind. */
const isBelowUuid = (value: unknown): boolean => {
  if (value instanceof mongo.Binary) return value.length() < 16 || (value.length() === 16 && value.sub_type < 4);
  const isBehind =
    value instanceof mongo.ObjectId ||
    typeof value === 'boolean' ||
    value instanceof Date ||
    value instanceof mongo.Timestamp ||
    value instanceof RegExp ||
    value instanceof mongo.BSONRegExp ||
    value instanceof mongo.MaxKey;
  return !isBehind;
};
