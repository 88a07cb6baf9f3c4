import type { mongo } from 'mongoose';
import { conversationIdOf, isLamportTime, type CausalToken, type LogPosition, type Message } from '@wiber/contracts';
import { ActivityReader } from '../activity/activity.reader.ts';
import { timestampOf, tokenOf, type CausalTime } from '../connection/causal.time.ts';
import type { StoreConnection } from '../connection/store.connection.ts';
import { MessageUnreadableError } from '../connection/mongo.errors.ts';
import { sharedLimits, type ReadLimits, type StoreReads } from '../connection/store.reads.ts';
import { messageIdOf, messageOf, oddityOf, uuidOf } from './message.document.ts';
import type { MessageCollection } from './message.insert.ts';
import { pageOf, type MessagePage } from './message.page.ts';
import {
  BY_PLACE,
  CONVERSATION_BY_LOG,
  CONVERSATION_BY_TIME,
  MESSAGE_ONCE,
  type MessageDocument,
} from './message.schema.ts';
import { SORTS, beyond, directionOf, sortFor, type PageQuery } from './message.order.ts';
import type { UnreadableDocuments } from './unreadable.documents.ts';
import { PageTurns } from './page.turns.ts';
import { UserPages, type FindRaw } from './user.pages.ts';

/** A page that passes over more messages than this is costly. */
const DEEP_SKIP = 1000;
/** How many messages before a foreign one are looked at for a Lamport time. */
const LAST_MAX = 1000;
const RAW = { fieldsAsRaw: { firstBatch: true } } as const;

export interface ReaderPorts {
  reads: StoreReads;
  time: CausalTime;
  connection: StoreConnection;
  collection: () => MessageCollection;
  names: { messages: string; activity: string };
  unreadable: UnreadableDocuments;
}

/** Whose messages are counted: those of a conversation, of a user, or all. */
export type CountOf = { users: readonly [string, string] } | { user: string } | 'all';

/** The stored messages, as clients and operators ask for them. */
export class MessageReader {
  private readonly ports: ReaderPorts;
  private readonly activity: ActivityReader;
  private readonly pageTurns = new PageTurns();

  constructor(ports: ReaderPorts) {
    this.ports = ports;
    this.activity = new ActivityReader(ports.reads, ports.names.activity);
  }

  /** @throws StoreUnavailableError, ReadsOverloadedError, StoreBehindError */
  conversationPage(users: readonly [string, string], query: PageQuery): Promise<MessagePage> {
    return this.pageTurns.run(query, (withinMs) => this.readConversation(users, { ...query, withinMs }));
  }

  /** What a user sent or got, in the order of time. @throws StoreUnavailableError, ReadsOverloadedError, StoreBehindError */
  userPage(user: string, query: Omit<PageQuery, 'sort'>): Promise<MessagePage> {
    return this.pageTurns.run(query, (withinMs) => this.readUser(user, { ...query, withinMs }));
  }

  private async readConversation(users: readonly [string, string], query: PageQuery): Promise<MessagePage> {
    const { sort, skip, limit } = query;
    const direction = directionOf(query);
    const cursor = query.after ?? query.before;
    const filter = { conversationId: conversationIdOf(...users), ...(cursor ? beyond(sort, cursor, direction) : {}) };
    const found = await this.finder(skip)(
      {
        find: this.ports.names.messages,
        filter,
        sort: sortFor(sort, direction),
        hint: SORTS[sort].index,
        skip,
        limit,
        // All in one batch: without batchSize the first has 101. 500 messages of the largest content are 11 MB of the 16
        // MB that a reply may have.
        batchSize: limit,
        singleBatch: true,
      },
      query,
    );
    return this.pageOf(found, { ...query, sort });
  }

  private async readUser(user: string, query: Omit<PageQuery, 'sort'>): Promise<MessagePage> {
    const { skip, limit } = query;
    const pages = new UserPages({
      activity: this.activity,
      collection: this.ports.names.messages,
      find: this.finder(skip),
      findCostly: this.finder(DEEP_SKIP + 1),
    });
    const read = { direction: directionOf(query), cursor: query.after ?? query.before, skip, limit };
    return this.pageOf(await pages.read(user, read, sharedLimits(query)), { ...query, sort: 'timestamp' });
  }

  /** @throws StoreUnavailableError, StoreBehindError, MessageUnreadableError */
  async byId(messageId: string, limits: ReadLimits): Promise<Message | null> {
    const filter = { messageId: uuidOf(messageId) };
    const find = { find: this.ports.names.messages, filter, hint: MESSAGE_ONCE, limit: 1, singleBatch: true };
    const reply = await this.ports.reads.run(find, limits, { promoteBuffers: false });
    const [document] = (reply as { cursor: { firstBatch: MessageDocument[] } }).cursor.firstBatch;
    if (!document) return null;
    const oddity = oddityOf(document);
    if (oddity === undefined) return messageOf(document);
    this.ports.unreadable.report(document._id, oddity);
    throw new MessageUnreadableError(`the document stored under ${messageId} is no message: ${oddity}`);
  }

  private pageOf(found: Uint8Array[], query: Pick<PageQuery, 'sort' | 'order' | 'before'>): MessagePage {
    const { sort, order, before } = query;
    const { leaveOut } = this.ports.unreadable;
    return pageOf(before === undefined ? found : found.toReversed(), { sort, order, leaveOut });
  }

  /** Which of these messages are stored. The index alone answers. @throws StoreUnavailableError, StoreBehindError */
  async storedAmong(messageIds: readonly string[], limits: ReadLimits): Promise<Set<string>> {
    const find = {
      find: this.ports.names.messages,
      filter: { messageId: { $in: messageIds.map(uuidOf) } },
      projection: { _id: 0, messageId: 1 },
      hint: MESSAGE_ONCE,
      batchSize: messageIds.length,
      singleBatch: true,
    };
    const reply = await this.ports.reads.run(find, limits, { promoteBuffers: false });
    const { firstBatch } = (reply as { cursor: { firstBatch: Pick<MessageDocument, 'messageId'>[] } }).cursor;
    return new Set(firstBatch.map(({ messageId }) => messageIdOf(messageId)));
  }

  /** How many messages are stored. @throws StoreUnavailableError, StoreBehindError */
  async count(of: CountOf, limits: ReadLimits): Promise<number> {
    if (of === 'all') return this.countBy({}, BY_PLACE, limits);
    if ('users' in of)
      return this.countBy({ conversationId: conversationIdOf(...of.users) }, CONVERSATION_BY_LOG, limits);
    const shared = sharedLimits(limits);
    let count = 0;
    for await (const ids of this.activity.conversations(of.user, shared))
      count += await this.countBy({ conversationId: { $in: ids } }, CONVERSATION_BY_LOG, shared);
    return count;
  }

  /** As `byId`, always from the primary: a message that a secondary lacks counts too. @throws StoreUnavailableError */
  async byIdOnPrimary(messageId: string, withinMs: number): Promise<Message | null> {
    return this.firstOnPrimary({ messageId: uuidOf(messageId) }, MESSAGE_ONCE, withinMs);
  }

  /**
   * A message of a conversation that the log has behind a position in the same partition; `except` does not count. Asks
   * the primary.
   * @throws StoreUnavailableError
   */
  async laterInLog(
    users: readonly [string, string],
    { position, except, withinMs }: { position: LogPosition; except: string; withinMs: number },
  ): Promise<Message | null> {
    const { partition, offset } = position;
    const filter = { ...othersOf(users, except), '_id.partition': partition, '_id.offset': { $gt: offset } };
    return this.firstOnPrimary(filter, CONVERSATION_BY_LOG, withinMs);
  }

  /**
   * A message of a conversation with a later timestamp, of any partition but one. Asks the primary.
   * @throws StoreUnavailableError
   */
  async laterInTime(
    users: readonly [string, string],
    later: { timestamp: number; exceptPartition: number | undefined; except: string; withinMs: number },
  ): Promise<Message | null> {
    const { timestamp, exceptPartition, except, withinMs } = later;
    const filter = {
      ...othersOf(users, except),
      timestamp: { $gt: timestamp },
      ...(exceptPartition === undefined ? {} : { '_id.partition': { $ne: exceptPartition } }),
    };
    return this.firstOnPrimary(filter, CONVERSATION_BY_TIME, withinMs);
  }

  /**
   * The largest Lamport time among the last stored messages of each partition; 0 when nothing is stored. Where the last is
   * a foreign one whose time no clock follows, those before it tell.
   */
  async lastLamport(): Promise<number> {
    return this.ports.connection.run(async () => {
      let lamport = 0;
      // From the last place backwards, one partition a step. A key without an offset sorts before all places of its
      // partition. Keys that are no place sort before all places, or are no document and never match.
      for (let filter: object = { _id: { $lt: { partition: Infinity } } }; ;) {
        const last = await this.ports.collection().findOne(filter, { sort: { _id: -1 } });
        if (typeof last?._id?.partition !== 'number') return lamport;
        const { partition } = last._id;
        const times = isLamportTime(last.lamport) ? [last] : await this.lastOf(partition);
        for (const time of times) if (isLamportTime(time.lamport)) lamport = Math.max(lamport, time.lamport);
        filter = { _id: { $lt: { partition } } };
      }
    });
  }

  private lastOf(partition: number): Promise<Pick<MessageDocument, 'lamport'>[]> {
    const filter: object = { _id: { $gte: { partition }, $lt: { partition, offset: Infinity } } };
    const options = { sort: { _id: -1 }, limit: LAST_MAX, projection: { _id: 0, lamport: 1 } } as const;
    return this.ports.collection().find(filter, options).toArray();
  }

  /** The newest moment that this process has seen in the store; undefined before the first. */
  get seen(): CausalToken | undefined {
    return this.ports.time.seen;
  }

  /** From now on no read is older than this moment, which a server gave: that of a committed write or of an answer. */
  observe(token: CausalToken | undefined): void {
    if (token !== undefined) this.ports.time.observe(timestampOf(token));
  }

  /** The primary's time: everything that was acknowledged before is in the store by then. @throws StoreUnavailableError */
  async now(): Promise<CausalToken | undefined> {
    const { connection } = this.ports;
    const reply = await connection.run(() => connection.db.command({ ping: 1 }));
    return tokenOf(reply['operationTime']);
  }

  private finder(skip: number): FindRaw {
    const { reads } = this.ports;
    const run = skip > DEEP_SKIP ? reads.runCostly.bind(reads) : reads.run.bind(reads);
    return async (command, limits) => {
      const reply = await run(command, limits, RAW);
      return (reply as { cursor: { firstBatch: Uint8Array[] } }).cursor.firstBatch;
    };
  }

  private async countBy(filter: mongo.Document, hint: string, limits: ReadLimits): Promise<number> {
    const pipeline = [{ $match: filter }, { $count: 'count' }];
    const command = { aggregate: this.ports.names.messages, pipeline, hint, cursor: {} };
    const reply = await this.ports.reads.runCostly(command, limits);
    return (reply as { cursor: { firstBatch: { count: number }[] } }).cursor.firstBatch[0]?.count ?? 0;
  }

  private async firstOnPrimary(filter: mongo.Document, hint: string, withinMs: number): Promise<Message | null> {
    const document = await this.ports.reads.runOnPrimary(
      () => this.ports.collection().findOne(filter, { hint, maxTimeMS: withinMs, promoteBuffers: false }),
      withinMs,
    );
    return document ? messageOf(document) : null;
  }
}

/** A stored message is not later than itself. */
const othersOf = (users: readonly [string, string], except: string): mongo.Document => ({
  conversationId: conversationIdOf(...users),
  messageId: { $ne: uuidOf(except) },
});
