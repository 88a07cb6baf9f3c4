import { randomUUID } from 'node:crypto';
import type { Random } from '../../random.ts';

const NAME_BYTES = 64 * 1024;

const post = (body: string): string =>
  'POST /messages HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n' +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: gateway\r\n${headers}\r\n`;

/** A name of one letter and combining marks, as large as a body can be. Two marks of different classes never settle early. */
export const postWithMarks = (): string => {
  const wrap = (fromUser: string) => JSON.stringify({ fromUser, toUser: 'ben', content: 'hostile' });
  // Each pair has four bytes in UTF-8.
  const pairs = Math.floor((NAME_BYTES - Buffer.byteLength(wrap('a'))) / 4);
  return post(wrap(`a${'\u0316\u0301'.repeat(pairs)}`));
};

/** Waits for places that cannot be, and for one that can. */
export const waitForPlace = (random: Random): string => {
  const place = random.pick([
    'partition=0&offset=999999999',
    'partition=4096&offset=1',
    `partition=${random.whole(0, 5)}&offset=${random.whole(0, 100_000)}`,
  ]);
  return get(`/messages/${randomUUID()}?${place}`, 'Prefer: wait=10\r\n');
};

export const countAll = (): string => get('/messages/count');

/** The largest page of a conversation of the workload. */
export const largePage = (random: Random): string => {
  const conversation = random.whole(0, 39);
  return get(`/messages/ann${conversation}/ben${conversation}?limit=500`);
};

/** The start of a request that never ends. */
export const HALF_A_REQUEST = 'POST /messages HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/js';
