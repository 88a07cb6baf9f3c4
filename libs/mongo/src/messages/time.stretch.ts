import type { mongo } from 'mongoose';
import type { ActivityWindow } from '../activity/activity.reader.ts';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits } from '../connection/store.reads.ts';
import { idsBehind, sortFor, type MessageCursor } from './message.order.ts';
import { CONVERSATION_BY_TIME } from './message.schema.ts';

/** Runs a find or an aggregate and gives its documents as BSON. */
export type FindRaw = (command: mongo.Document, limits: ReadLimits) => Promise<Uint8Array[]>;

/** A stretch of time: its conversations, a condition on the time, and the sort in which an index has their messages. */
export interface Stretch extends Pick<ActivityWindow, 'conversations' | 'isCostly'> {
  time: mongo.Document;
  sort: Map<string, Direction>;
}

export interface Part {
  skip: number;
  limit: number;
}

export const filterOf = ({ time }: Pick<Stretch, 'time'>, conversations: readonly string[]): mongo.Document => ({
  conversationId: { $in: conversations },
  ...time,
});

/** A find of some conversations of a stretch, in one batch. */
export const findOf = (
  collection: string,
  { stretch, conversations }: { stretch: Pick<Stretch, 'time' | 'sort'>; conversations: readonly string[] },
  { skip, limit }: Part,
): mongo.Document & { filter: mongo.Document } => ({
  find: collection,
  filter: filterOf(stretch, conversations),
  sort: stretch.sort,
  hint: CONVERSATION_BY_TIME,
  skip,
  limit,
  batchSize: limit,
  singleBatch: true,
});

export const directionOf = ({ sort }: Pick<Stretch, 'sort'>): Direction => [...sort.values()][0] ?? 1;

/**
 * A window in stretches, in the order of time: first the rest of the cursor's moment, then everything behind it. One
 * filter for both, with $or, would make MongoDB sort what it finds, and so would a sort by a time that is fixed.
 */
export const stretchesOf = (
  { from, until, ...window }: ActivityWindow,
  cursor: MessageCursor | undefined,
  direction: Direction,
): Stretch[] => {
  const inWindow = { $gte: from, $lt: until };
  const byTime = sortFor('timestamp', direction);
  if (!cursor || cursor[0] < from || cursor[0] >= until)
    return [{ ...window, time: { timestamp: inWindow }, sort: byTime }];
  const [timestamp, messageId] = cursor as [number, string];
  const operator = direction === 1 ? '$gt' : '$lt';
  const rest = { timestamp, messageId: idsBehind(messageId, direction) };
  return [
    { ...window, time: rest, sort: new Map([['messageId', direction]]) },
    { ...window, time: { timestamp: { ...inWindow, [operator]: timestamp } }, sort: byTime },
  ];
};
