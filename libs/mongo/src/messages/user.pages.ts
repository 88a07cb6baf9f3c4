import type { mongo } from 'mongoose';
import type { ActivityReader, ActivityWindow } from '../activity/activity.reader.ts';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits } from '../connection/store.reads.ts';
import { uuidOf } from './message.document.ts';
import { documentFrom } from './message.page.ts';
import { CONVERSATION_BY_TIME, type MessageDocument } from './message.schema.ts';
import { sortFor, type MessageCursor } from './message.order.ts';

/** MongoDB merges the index scans of at most so many conversations; with more it would sort all of their messages. */
const MERGED_MAX = 200;

export interface UserRead {
  direction: Direction;
  cursor: MessageCursor | undefined;
  skip: number;
  limit: number;
}

/** Runs a find or an aggregate and gives its documents as BSON. */
export type FindRaw = (command: mongo.Document, limits: ReadLimits) => Promise<Uint8Array[]>;

export interface UserMessagesPorts {
  activity: ActivityReader;
  collection: string;
  find: FindRaw;
}

/**
 * A user's messages in the order of time, merged from those of their conversations. Windows of hours are read one after
 * the other until the page is full, so the cost follows the page and not the number of messages or conversations.
 */
export class UserMessages {
  private readonly ports: UserMessagesPorts;

  constructor(ports: UserMessagesPorts) {
    this.ports = ports;
  }

  async read(user: string, { direction, cursor, skip, limit }: UserRead, limits: ReadLimits): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    let toSkip = skip;
    for await (const window of this.ports.activity.windows(user, { direction, start: cursor?.[0] }, limits)) {
      for (const stretch of stretchesOf(window, cursor, direction)) {
        if (toSkip > 0) {
          const count = await this.count(stretch.filters, limits);
          if (count <= toSkip) {
            toSkip -= count;
            continue;
          }
        }
        const missing = limit - found.length;
        const next = await this.merge(stretch, { direction, limit: toSkip + missing }, limits);
        found.push(...next.slice(toSkip, toSkip + missing));
        toSkip = 0;
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  private async count(filters: mongo.Document[], limits: ReadLimits): Promise<number> {
    let count = 0;
    for (const filter of filters) {
      const pipeline = [{ $match: filter }, { $count: 'count' }];
      const hint = CONVERSATION_BY_TIME;
      const [counted] = await this.ports.find({ aggregate: this.ports.collection, pipeline, hint, cursor: {} }, limits);
      count += counted ? (documentFrom(counted) as unknown as { count: number }).count : 0;
    }
    return count;
  }

  /** The first messages of several finds, which are each in order. */
  private async merge(
    { filters, sort }: Stretch,
    { direction, limit }: { direction: Direction; limit: number },
    limits: ReadLimits,
  ): Promise<Uint8Array[]> {
    const common = { find: this.ports.collection, sort, hint: CONVERSATION_BY_TIME, limit, batchSize: limit };
    let merged: Uint8Array[] = [];
    for (const filter of filters) {
      const next = await this.ports.find({ ...common, filter, singleBatch: true }, limits);
      merged = merged.length === 0 ? next : mergeTwo(merged, next, direction).slice(0, limit);
    }
    return merged;
  }
}

/** A stretch of time: filters for its conversations, and the sort in which an index has their messages. */
interface Stretch {
  filters: mongo.Document[];
  sort: Map<string, Direction>;
}

/**
 * A window in stretches, in the order of time: first the rest of the cursor's moment, then everything behind it. One
 * filter for both, with $or, would make MongoDB sort what it finds, and so would a sort by a time that is fixed.
 */
const stretchesOf = (
  { from, until, conversationIds }: ActivityWindow,
  cursor: MessageCursor | undefined,
  direction: Direction,
): Stretch[] => {
  const inWindow = { $gte: from, $lt: until };
  const byTime = sortFor('timestamp', direction);
  const times: { time: mongo.Document; sort: Stretch['sort'] }[] = [];
  if (cursor && cursor[0] >= from && cursor[0] < until) {
    const [timestamp, messageId] = cursor as [number, string];
    const operator = direction === 1 ? '$gt' : '$lt';
    const rest = { timestamp, messageId: { [operator]: uuidOf(messageId) } };
    times.push({ time: rest, sort: new Map([['messageId', direction]]) });
    times.push({ time: { timestamp: { ...inWindow, [operator]: timestamp } }, sort: byTime });
  } else times.push({ time: { timestamp: inWindow }, sort: byTime });
  return times.map(({ time, sort }) => {
    const filters: mongo.Document[] = [];
    for (let at = 0; at < conversationIds.length; at += MERGED_MAX)
      filters.push({ conversationId: { $in: conversationIds.slice(at, at + MERGED_MAX) }, ...time });
    return { filters, sort };
  });
};

const mergeTwo = (a: Uint8Array[], b: Uint8Array[], direction: Direction): Uint8Array[] =>
  [...a, ...b]
    .map((bytes) => ({ bytes, document: documentFrom(bytes) }))
    .sort((one, other) => direction * compareInTime(one.document, other.document))
    .map(({ bytes }) => bytes);

const compareInTime = (a: MessageDocument, b: MessageDocument): number =>
  a.timestamp - b.timestamp || Buffer.compare(a.messageId.buffer, b.messageId.buffer);
