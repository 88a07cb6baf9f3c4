import type { mongo } from 'mongoose';
import type { ActivityReader, ActivityWindow } from '../activity/activity.reader.ts';
import type { Direction } from '../connection/sort.direction.ts';
import type { ReadLimits } from '../connection/store.reads.ts';
import { isUuid, uuidOf } from './message.document.ts';
import { sortFor, type MessageCursor } from './message.order.ts';
import { documentFrom } from './message.page.ts';
import { CONVERSATION_BY_TIME } from './message.schema.ts';

/** MongoDB merges the index scans of at most this many conversations; with more it would sort all of their messages. */
const MERGED_MAX = 200;

export interface UserRead {
  direction: Direction;
  cursor: MessageCursor | undefined;
  skip: number;
  limit: number;
}

/** Runs a find or an aggregate and gives its documents as BSON. */
export type FindRaw = (command: mongo.Document, limits: ReadLimits) => Promise<Uint8Array[]>;

export interface UserPagesPorts {
  activity: ActivityReader;
  collection: string;
  find: FindRaw;
  /** The same for what grows with the messages that are passed over, or with the conversations of an hour. */
  findCostly: FindRaw;
}

/** A stretch of time: its conversations, a condition on the time, and the sort in which an index has their messages. */
interface Stretch {
  conversationIds: string[];
  time: mongo.Document;
  sort: Map<string, Direction>;
  isCostly: boolean;
}

interface Part {
  skip: number;
  limit: number;
  /** A further condition: what no page of these messages needs is not read. */
  bound?: mongo.Document | undefined;
}

/**
 * A user's messages in the order of time, merged from those of their conversations. Windows of hours are read one after
 * the other until the page is full, so the cost follows the page and not the number of messages or conversations.
 */
export class UserPages {
  private readonly ports: UserPagesPorts;

  constructor(ports: UserPagesPorts) {
    this.ports = ports;
  }

  async read(user: string, { direction, cursor, skip, limit }: UserRead, limits: ReadLimits): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    let toSkip = skip;
    for await (const window of this.ports.activity.windows(user, { direction, start: cursor?.[0] }, limits)) {
      for (const stretch of stretchesOf(window, cursor, direction)) {
        const next = await this.readPart(stretch, { skip: toSkip, limit: limit - found.length }, limits);
        found.push(...next);
        if (found.length === limit) return found;
        // A stretch that gave nothing may have been passed over as a whole.
        if (toSkip > 0) toSkip = next.length > 0 ? 0 : toSkip - (await this.count(stretch, toSkip, limits));
      }
    }
    return found;
  }

  private readPart(stretch: Stretch, part: Part, limits: ReadLimits): Promise<Uint8Array[]> {
    const { conversationIds } = stretch;
    if (conversationIds.length <= MERGED_MAX) return this.find(stretch, part, limits);
    return part.skip > 0 ? this.sorted(stretch, part, limits) : this.merged(stretch, part.limit, limits);
  }

  /** Of many conversations: the first messages of portions, each of which an index has in order. */
  private async merged(stretch: Stretch, limit: number, limits: ReadLimits): Promise<Uint8Array[]> {
    let first: KeyedDocument[] = [];
    for (let at = 0; at < stretch.conversationIds.length; at += MERGED_MAX) {
      const conversationIds = stretch.conversationIds.slice(at, at + MERGED_MAX);
      // No later portion needs what lies behind a page that is full already.
      const bound = first.length === limit ? boundOf(first.at(-1)!, stretch) : undefined;
      const portion = { ...stretch, conversationIds };
      const found = (await this.find(portion, { skip: 0, limit, bound }, limits)).map(keyed);
      first = [...first, ...found].sort(inOrder(directionOf(stretch))).slice(0, limit);
    }
    return first.map(({ bytes }) => bytes);
  }

  private find(stretch: Stretch, part: Part, limits: ReadLimits): Promise<Uint8Array[]> {
    const { find, findCostly } = this.ports;
    return (stretch.isCostly ? findCostly : find)(this.command(stretch, part), limits);
  }

  /** Of many conversations with messages to pass over: only here MongoDB sorts. It may use its disk, and has a turn. */
  private sorted(stretch: Stretch, part: Part, limits: ReadLimits): Promise<Uint8Array[]> {
    return this.ports.findCostly({ ...this.command(stretch, part), allowDiskUse: true }, limits);
  }

  /** How many messages a stretch has, at most `enough`. */
  private async count(stretch: Stretch, enough: number, limits: ReadLimits): Promise<number> {
    const pipeline = [{ $match: filterOf(stretch) }, { $limit: enough }, { $count: 'count' }];
    const command = { aggregate: this.ports.collection, pipeline, hint: CONVERSATION_BY_TIME, cursor: {} };
    const [counted] = await this.ports.findCostly(command, limits);
    return counted ? (documentFrom(counted) as unknown as { count: number }).count : 0;
  }

  private command(stretch: Stretch, { skip, limit, bound }: Part): mongo.Document {
    return {
      find: this.ports.collection,
      filter: bound ? { $and: [filterOf(stretch), bound] } : filterOf(stretch),
      sort: stretch.sort,
      hint: CONVERSATION_BY_TIME,
      skip,
      limit,
      batchSize: limit,
      singleBatch: true,
    };
  }
}

const filterOf = ({ conversationIds, time }: Stretch): mongo.Document => ({
  conversationId: { $in: conversationIds },
  ...time,
});

const directionOf = ({ sort }: Stretch): Direction => [...sort.values()][0] ?? 1;

/**
 * A window in stretches, in the order of time: first the rest of the cursor's moment, then everything behind it. One
 * filter for both, with $or, would make MongoDB sort what it finds, and so would a sort by a time that is fixed.
 */
const stretchesOf = (
  { from, until, conversationIds, isCostly }: ActivityWindow,
  cursor: MessageCursor | undefined,
  direction: Direction,
): Stretch[] => {
  const inWindow = { $gte: from, $lt: until };
  const byTime = sortFor('timestamp', direction);
  if (!cursor || cursor[0] < from || cursor[0] >= until)
    return [{ conversationIds, time: { timestamp: inWindow }, sort: byTime, isCostly }];
  const [timestamp, messageId] = cursor as [number, string];
  const operator = direction === 1 ? '$gt' : '$lt';
  const rest = { timestamp, messageId: { [operator]: uuidOf(messageId) } };
  return [
    { conversationIds, time: rest, sort: new Map([['messageId', direction]]), isCostly },
    { conversationIds, time: { timestamp: { ...inWindow, [operator]: timestamp } }, sort: byTime, isCostly },
  ];
};

/** A document with its place in the order of time; it is decoded once. */
interface KeyedDocument {
  bytes: Uint8Array;
  timestamp: number;
  id: Uint8Array;
}

const NO_ID = new Uint8Array(0);

const keyed = (bytes: Uint8Array): KeyedDocument => {
  const { timestamp, messageId } = documentFrom(bytes);
  // A document that is no message is left out later; only its time is compared.
  return { bytes, timestamp: Number(timestamp), id: isUuid(messageId) ? messageId.buffer : NO_ID };
};

const inOrder =
  (direction: Direction) =>
  (a: KeyedDocument, b: KeyedDocument): number =>
    direction * (a.timestamp - b.timestamp || Buffer.compare(a.id, b.id));

/** Nothing behind the last document of a full page. In the rest of one moment the time is fixed already. */
const boundOf = ({ timestamp }: KeyedDocument, stretch: Stretch): mongo.Document | undefined => {
  if (typeof stretch.time['timestamp'] === 'number') return undefined;
  return { timestamp: { [directionOf(stretch) === 1 ? '$lte' : '$gte']: timestamp } };
};
