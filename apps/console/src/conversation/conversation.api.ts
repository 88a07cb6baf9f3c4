import type { Message } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import { NEWER, linksOf } from '../api/link.header.ts';
import type { CausalMemory } from './causal.memory.ts';
import type { Sort } from './order.comparison.ts';

/** Both users of a conversation. */
export type Users = readonly [string, string];

/** Messages of one page. */
const PAGE = 50;

export interface Page {
  /** Oldest first. */
  messages: Message[];
  /** The page before this one; absent where the conversation begins. */
  older: string | undefined;
  /** The page of what is newer, also while there is nothing newer. */
  newer: string | undefined;
}

interface Read {
  path: string;
  query?: Record<string, string | number>;
  seen: CausalMemory;
  signal: AbortSignal;
}

/** Behind another name, `trace` would be asked for as the trace of a message; the order of the names changes nothing else. */
const pathOf = ([one, other]: Users): string => {
  const names = other === 'trace' ? [other, one] : [one, other];
  return `/messages/${names.map(encodeURIComponent).join('/')}`;
};

/** The newest page of a conversation in one order. @throws ApiProblem */
export const readNewest = (
  users: Users,
  sort: Sort,
  { seen, signal }: Pick<Read, 'seen' | 'signal'>,
): Promise<Page> => {
  return readPage({ path: pathOf(users), query: { sort, order: 'desc', limit: PAGE }, seen, signal });
};

/** A page that a link of another page names; its newest message comes first there too. @throws ApiProblem */
export const readPage = async ({ path, query, seen, signal }: Read): Promise<Page> => {
  const { data, headers } = await callApi<Message[]>({ path, query, headers: seen.headers, signal });
  seen.take(headers);
  const links = linksOf(headers.get('Link'));
  return { messages: data.toReversed(), older: links.get('next'), newer: links.get(NEWER) };
};
