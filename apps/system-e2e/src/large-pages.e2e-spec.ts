import { connect, type Socket } from 'node:net';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { countIn, page, post } from './api.client.ts';

/** 10 MB in a page of 500. */
const MESSAGES = 500;
const LARGEST = '😀'.repeat(5000);

let env: Record<string, string>;
let gateway: AppProcess;
let ingest: AppProcess;

beforeAll(async () => {
  env = await freshSystem();
  [gateway, ingest] = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
  ]);
  for (let sent = 0; sent < MESSAGES; sent += 50) {
    const sends = Array.from({ length: 50 }, () =>
      post(gateway.url, { fromUser: 'ann', toUser: 'ben', content: LARGEST }),
    );
    for (const { status } of await Promise.all(sends)) expect(status).toBe(202);
  }
  await post(gateway.url, { fromUser: 'cat', toUser: 'dan', content: 'short' }, { Prefer: 'wait=20' });
  await eventually(async () => expect(await countIn(gateway.url, 'ann', 'ben')).toBe(MESSAGES));
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end()]);
});

/** A client that asks for pages on one connection, 32 at once, and reads every answer. */
const greedy = (path: string): Socket => {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  const request = `GET ${path} HTTP/1.1\r\nHost: wiber\r\n\r\n`;
  socket.on('error', () => undefined);
  socket.on('data', (bytes: Buffer) => {
    // The head of each answer brings the next request.
    for (let at = bytes.indexOf('HTTP/1.1 '); at >= 0; at = bytes.indexOf('HTTP/1.1 ', at + 1)) socket.write(request);
  });
  socket.write(request.repeat(32));
  return socket;
};

test('while clients ask for pages of 10 MB without end, others have their pages and sends, and MongoDB is never taken for away', async () => {
  const clients = Array.from({ length: 4 }, () => greedy('/messages/ann/ben?limit=500'));
  try {
    for (let count = 0; count < 40; count += 1) {
      expect((await page(gateway.url, ['cat', 'dan'])).map(({ content }) => content)).toEqual(['short']);
      expect((await post(gateway.url, { fromUser: 'eve', toUser: 'dan', content: 'in between' })).status).toBe(202);
    }
    const openings = await gateway.metric('wiber_breaker_openings_total', { labels: { breaker: 'mongodb-read' } });
    expect(openings).toBe(0);
    const refused = { labels: { code: 'reads_overloaded', route: '/messages/:user1/:user2' } };
    expect(await gateway.metric('wiber_requests_refused_total', refused)).toBeGreaterThan(0);
  } finally {
    for (const client of clients) client.destroy();
  }
});
