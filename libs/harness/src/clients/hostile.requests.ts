import { randomUUID } from 'node:crypto';

/** The longest body that a gateway takes. */
const BODY_BYTES = 64 * 1024;

const post = (body: string): string =>
  'POST /messages HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n' +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: gateway\r\n${headers}\r\n`;

/** A name of one letter and combining marks, as large as a body can be. Two marks of different classes never settle early. */
export const postWithMarks = (): string => {
  const wrap = (fromUser: string) => JSON.stringify({ fromUser, toUser: 'ben', content: 'hostile' });
  // Each pair has four bytes in UTF-8.
  const pairs = Math.floor((BODY_BYTES - Buffer.byteLength(wrap('a'))) / 4);
  return post(wrap(`a${'\u0316\u0301'.repeat(pairs)}`));
};

/** A body of fields that no DTO has: of the shortest names and values, so of as many as a body can have. */
export const postWithUnknownFields = (): string => {
  let fields = '"_":0';
  for (let count = 0; fields.length + 10 <= BODY_BYTES; count += 1) fields += `,"${count.toString(36)}":0`;
  return post(`{${fields}}`);
};

/** A body of as many objects as a body can have. */
export const postWithObjects = (): string => post(`{"a":[{}${',{}'.repeat(Math.floor((BODY_BYTES - 10) / 3))}]}`);

/** As many small requests as one read of a socket takes, to be sent in one write. */
export const smallRequests = (): string => {
  const request = get('/x');
  return request.repeat(Math.floor(BODY_BYTES / request.length));
};

/** Requests that cost their sender nothing: each of another kind, all of them answered at once. */
export const cheapRequests = (): string =>
  ['/health/liveness', '/docs', '/nowhere', '/health/serving', '/docs-json'].map((path) => get(path)).join('');
export const CHEAP_REQUESTS = 5;

/** The largest file of the docs, several times, and probes behind it. */
export const fileAndProbes = (): string =>
  get('/docs/swagger-ui-bundle.js').repeat(5) + get('/health/liveness').repeat(40);

/** A whole number from `from` to `to`, both included. */
export type DrawWhole = (from: number, to: number) => number;

/** Waits for places that cannot be, and for one that can. */
export const waitForPlace = (whole: DrawWhole): string => {
  const places = [
    'partition=0&offset=999999999',
    'partition=4096&offset=1',
    `partition=${whole(0, 5)}&offset=${whole(0, 100_000)}`,
  ];
  const place = places[whole(0, places.length - 1)]!;
  return get(`/messages/${randomUUID()}?${place}`, 'Prefer: wait=10\r\n');
};

export const countAll = (): string => get('/messages/count');

/** A series of seconds before this process began. Each begins at another one. */
export const figures = (whole: DrawWhole): string => {
  const metric = ['latency', 'users', 'accepted'][whole(0, 2)]!;
  const from = Math.floor(performance.timeOrigin) - 1000 * whole(1, 7200);
  return get(`/stats/series?metric=${metric}&step=second&from=${from}`);
};

export const overview = (): string => get('/stats/overview');

/** The page of a conversation that a client has who names no limit. */
export const usualPage = ([user1, user2]: readonly [string, string]): string => get(`/messages/${user1}/${user2}`);

/** The largest page of a conversation. */
export const largePage = ([user1, user2]: readonly [string, string]): string =>
  get(`/messages/${user1}/${user2}?limit=500`);

/** The start of a request that never ends. */
export const HALF_A_REQUEST = 'POST /messages HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/js';
