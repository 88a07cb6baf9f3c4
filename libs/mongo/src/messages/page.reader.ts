import { conversationIdOf } from '@wiber/contracts';
import type { ActivityReader } from '../activity/activity.reader.ts';
import { batchOf } from '../connection/reply.batch.ts';
import { sharedLimits, type StoreReads } from '../connection/store.reads.ts';
import { SORTS, beyond, directionOf, sortFor, type PageQuery } from './message.order.ts';
import { pageOf, type MessagePage } from './message.page.ts';
import { PageTurns, type PageTurn } from './page.turns.ts';
import type { FindRaw } from './time.stretch.ts';
import type { UnreadableDocuments } from './unreadable.documents.ts';
import { UserPages } from './user.pages.ts';

/** A page that passes over more messages than this is costly. */
const DEEP_SKIP = 1000;
const RAW = { fieldsAsRaw: { firstBatch: true } } as const;

export interface PageReaderPorts {
  reads: StoreReads;
  activity: ActivityReader;
  /** The name of the collection of messages. */
  messages: string;
  unreadable: UnreadableDocuments;
}

/** Pages of stored messages. */
export class PageReader {
  private readonly ports: PageReaderPorts;
  private readonly turns = new PageTurns();

  constructor(ports: PageReaderPorts) {
    this.ports = ports;
  }

  /** @throws StoreUnavailableError, ReadsOverloadedError, StoreBehindError */
  ofConversation(users: readonly [string, string], query: PageQuery): Promise<MessagePage> {
    const of = conversationIdOf(...users);
    return this.turns.run({ ...query, of }, (turn) => this.readConversation(users, { ...query, ...turn }));
  }

  /** What a user sent or got, in the order of time. @throws StoreUnavailableError, ReadsOverloadedError, StoreBehindError */
  ofUser(user: string, query: Omit<PageQuery, 'sort'>): Promise<MessagePage> {
    return this.turns.run({ ...query, of: user }, (turn) => this.readUser(user, { ...query, ...turn }));
  }

  private async readConversation(users: readonly [string, string], query: PageQuery): Promise<MessagePage> {
    const { sort, skip, limit } = query;
    const direction = directionOf(query);
    const cursor = query.after ?? query.before;
    const filter = { conversationId: conversationIdOf(...users), ...(cursor ? beyond(sort, cursor, direction) : {}) };
    const found = await this.finder(skip)(
      {
        find: this.ports.messages,
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

  private async readUser(user: string, query: Omit<PageQuery, 'sort'> & PageTurn): Promise<MessagePage> {
    const { skip, limit, mayReadBusyHours } = query;
    const pages = new UserPages({
      activity: this.ports.activity,
      collection: this.ports.messages,
      find: this.finder(skip),
      findCostly: this.finder(DEEP_SKIP + 1),
    });
    const read = { direction: directionOf(query), cursor: query.after ?? query.before, skip, limit, mayReadBusyHours };
    return this.pageOf(await pages.read(user, read, sharedLimits(query)), { ...query, sort: 'timestamp' });
  }

  private pageOf(found: Uint8Array[], query: Pick<PageQuery, 'sort' | 'order' | 'before'>): Promise<MessagePage> {
    const { sort, order, before } = query;
    const { leaveOut } = this.ports.unreadable;
    return pageOf(before === undefined ? found : found.toReversed(), { sort, order, leaveOut });
  }

  private finder(skip: number): FindRaw {
    const { reads } = this.ports;
    const run = skip > DEEP_SKIP ? reads.runCostly.bind(reads) : reads.run.bind(reads);
    return async (command, limits) => {
      const reply = await run(command, limits, RAW);
      return batchOf<Uint8Array>(reply);
    };
  }
}
