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

/** The newest page of a conversation in one order. @throws ApiProblem */
export const readNewest = (
  users: Users,
  sort: Sort,
  { seen, signal }: Pick<Read, 'seen' | 'signal'>,
): Promise<Page> => {
  const path = `/messages/${users.map(encodeURIComponent).join('/')}`;
  return readPage({ path, query: { sort, order: 'desc', limit: PAGE }, seen, signal });
};

/** A page that a link of another page names; its newest message comes first there too. @throws ApiProblem */
export const readPage = async ({ path, query, seen, signal }: Read): Promise<Page> => {
  const { data, headers } = await callApi<Message[]>({ path, query, headers: seen.headers, signal });
  seen.take(headers);
  const links = linksOf(headers.get('Link'));
  return { messages: data.toReversed(), older: links.get('next'), newer: links.get(NEWER) };
};
