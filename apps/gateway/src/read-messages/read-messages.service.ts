import { Injectable } from '@nestjs/common';
import { LamportClock, type CausalToken } from '@wiber/contracts';
import { MessageReader, StoredTotal, sharedLimits, type MessagePage } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import type { PageAt } from '../http/page.links.ts';
import { START, writeCursor, type PageQuery } from './page.query.ts';

const { topic, readDeadlineMs: withinMs } = GATEWAY_ENV;
/** A count reads every index entry that it counts, in milliseconds. */
const COUNT_MS = 5000;

export interface Page {
  /** A JSON array of messages, UTF-8. */
  json: Buffer;
  next: string | undefined;
  prev: string | undefined;
  /** The page that will have what is newer than this one; undefined only where no place is known to go on from. */
  newer: PageAt | undefined;
}

/** What the client has seen, at any gateway: the answer is not older. */
export interface ReadAfter {
  seen: CausalToken | undefined;
}

@Injectable()
export class ReadMessagesService {
  constructor(
    private readonly messages: MessageReader,
    private readonly total: StoredTotal,
    private readonly clock: LamportClock,
  ) {}

  async conversation(user1: string, user2: string, query: PageQuery & ReadAfter): Promise<Page> {
    return this.view(await this.messages.conversationPage([user1, user2], { ...query, withinMs }), query);
  }

  async ofUser(user: string, query: PageQuery & ReadAfter): Promise<Page> {
    return this.view(await this.messages.userPage(user, { ...query, withinMs }), query);
  }

  /** Messages of a conversation, of one user, or all. Of all, the figures know the number; where they don't, MongoDB counts. */
  async count({ user1, user2, seen }: Partial<Record<'user1' | 'user2', string>> & ReadAfter): Promise<number> {
    const limits = sharedLimits({ withinMs: COUNT_MS, seen });
    if (user1 !== undefined && user2 !== undefined) return this.messages.count({ users: [user1, user2] }, limits);
    const user = user1 ?? user2;
    if (user !== undefined) return this.messages.count({ user }, limits);
    return (await this.total.read(topic, limits)) ?? this.messages.count('all', limits);
  }

  /** Clients have now seen the messages of the page, so what they send next is later. */
  private view(page: MessagePage, query: PageQuery): Page {
    this.clock.observe(page.lamport);
    return { json: page.json, ...linksOf(page, query) };
  }
}

const linksOf = ({ count, first, last }: MessagePage, query: PageQuery): Omit<Page, 'json'> => {
  const isFull = count === query.limit;
  const isPaged = query.after !== undefined || query.skip > 0;
  return {
    next: (isFull || query.before) && last ? writeCursor(last, query.sort) : undefined,
    prev: (isPaged || (query.before && isFull)) && first ? writeCursor(first, query.sort) : undefined,
    newer: newerThan({ first, last }, query),
  };
};

/** An empty page of what is newer leads to itself, so that a client can ask again and again. */
const newerThan = (
  { first, last }: Pick<MessagePage, 'first' | 'last'>,
  { sort, order, after, before, skip }: PageQuery,
): PageAt | undefined => {
  const [newest, asked] = order === 'asc' ? [last, after] : [first, before];
  const isBehindSomething = after !== undefined || before !== undefined || skip > 0;
  // Of an empty conversation everything that comes is newer. On an empty page behind a skip nothing is known.
  const cursor = newest ?? asked ?? (isBehindSomething ? undefined : START[sort]);
  if (!cursor) return undefined;
  return order === 'asc' ? { after: writeCursor(cursor, sort) } : { before: writeCursor(cursor, sort) };
};
