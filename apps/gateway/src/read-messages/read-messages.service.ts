import { Injectable } from '@nestjs/common';
import { LamportClock, conversationIdOf, type CausalToken, type StoredMessage } from '@wiber/contracts';
import { MessageStore, StoreBreaker, type MessagePage, type PageRead } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { writeCursor, type Cursor, type PageQuery, type Sort } from './page.query.ts';
import { patienceFor } from '../store.reads.ts';

/** The fields that a sort orders by, in order; both are in the index that serves it. */
const SORT_FIELDS = { timestamp: ['timestamp', 'messageId'], log: ['partition', 'offset'] } as const;
const SORT_INDEX = { timestamp: 'conversation_by_time', log: 'conversation_by_log' } as const;
const maxTimeMS = GATEWAY_ENV.readDeadlineMs;
/** A count goes through all that it counts, in milliseconds. */
const COUNT_MS = 5000;

export interface Page {
  /** A JSON array of messages, UTF-8. */
  json: Buffer;
  next: string | undefined;
  prev: string | undefined;
}

/** What the client has seen, whichever gateway showed it: the answer is not older. */
export interface ReadAfter {
  seen: CausalToken | undefined;
}

type Selector = { conversationId: string } | { participants: string };

@Injectable()
export class ReadMessagesService {
  constructor(
    private readonly store: MessageStore,
    private readonly reads: StoreBreaker,
    private readonly clock: LamportClock,
  ) {}

  conversation(user1: string, user2: string, query: PageQuery & ReadAfter): Promise<Page> {
    return this.page({ conversationId: conversationIdOf(user1, user2) }, query, SORT_INDEX[query.sort]);
  }

  ofUser(user: string, query: PageQuery & ReadAfter): Promise<Page> {
    return this.page({ participants: user }, query, 'participant_by_time');
  }

  async count({ user1, user2, seen }: Partial<Record<'user1' | 'user2', string>> & ReadAfter): Promise<number> {
    const user = user1 ?? user2;
    const filter =
      user1 !== undefined && user2 !== undefined
        ? { conversationId: conversationIdOf(user1, user2) }
        : user !== undefined
          ? { participants: user }
          : {};
    const hint =
      'conversationId' in filter ? 'conversation_by_log' : user !== undefined ? 'participant_by_time' : 'log_position';
    const count = () => this.store.count(filter, { hint, maxTimeMS: COUNT_MS, after: seen });
    return this.reads.run(count, patienceFor(COUNT_MS));
  }

  private async page(selector: Selector, query: PageQuery & ReadAfter, hint: string): Promise<Page> {
    const [first, second] = SORT_FIELDS[query.sort];
    const cursor = query.after ?? query.before;
    // A page before a cursor is read away from it and turned round.
    const backwards = query.before !== undefined;
    const direction = (query.order === 'asc') === !backwards ? 1 : -1;
    const filter = cursor ? { ...selector, $or: beyond(query.sort, cursor, direction) } : selector;
    const read: PageRead = {
      filter,
      sort: { [first]: direction, [second]: direction },
      hint,
      skip: query.skip,
      limit: query.limit,
      reverse: backwards,
      maxTimeMS,
      after: query.seen,
    };
    const found = await this.reads.run(() => this.store.readPage(read));
    this.clock.observe(found.lamport);
    return { json: found.json, ...linksOf(found, query) };
  }
}

const linksOf = ({ count, first, last }: MessagePage, query: PageQuery): Pick<Page, 'next' | 'prev'> => {
  const [major, minor] = SORT_FIELDS[query.sort];
  const at = (message: StoredMessage | undefined) => message && writeCursor([message[major], message[minor]] as Cursor);
  const full = count === query.limit;
  const paged = query.after !== undefined || query.skip > 0;
  return {
    next: full || query.before ? at(last) : undefined,
    prev: paged || (query.before && full) ? at(first) : undefined,
  };
};

/** What lies past a cursor in a direction: a pair compared field by field, as the index orders it. */
const beyond = (sort: Sort, [a, b]: Cursor, direction: 1 | -1): object[] => {
  const [first, second] = SORT_FIELDS[sort];
  const past = direction === 1 ? '$gt' : '$lt';
  return [{ [first]: { [past]: a } }, { [first]: a, [second]: { [past]: b } }];
};
