import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConversationClient } from './conversation.client.ts';

interface Planned {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

let server: Server;
let seen: IncomingMessage[];
let planned: Planned[];
let client: ConversationClient;

beforeEach(async () => {
  [seen, planned] = [[], []];
  server = createServer((request, answer) => {
    seen.push(request);
    request.resume();
    // The last one is given again and again.
    const { status, body, headers } = planned.length > 1 ? planned.shift()! : planned[0]!;
    answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new ConversationClient('gateway-1', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const busy: Planned = { status: 503, body: { code: 'log_unavailable' } };
const message = { messageId: 'm', fromUser: 'alice', toUser: 'bob', content: 'hi', timestamp: 1, lamport: 2 };
const at = (location: string): Record<string, string> => ({ location });

test('a message that is accepted at once is sent once, and has the place that the answer tells', async () => {
  planned = [{ status: 202, body: message, headers: at('/messages/m?partition=3&offset=17') }];
  expect(await client.send('alice', 'bob', 'hi')).toEqual({ message, place: { partition: 3, offset: 17 } });
  expect(seen).toHaveLength(1);
  expect(seen[0]!.headers['prefer']).toBeUndefined();
});

test('while a gateway is busy a message is sent again under its key, and then only the numbers count that are stored', async () => {
  const other = { ...message, lamport: 9 };
  planned = [busy, { status: 202, body: other }, { status: 201, body: message, headers: at('/messages/m') }];
  expect(await client.send('alice', 'bob', 'hi')).toEqual({ message, place: undefined });
  expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(seen.map(({ headers }) => headers['prefer'])).toEqual([undefined, 'wait=15', 'wait=15']);
});

test('a message that is refused ends the demonstration at once', async () => {
  planned = [{ status: 400, body: { code: 'invalid_request' } }];
  await expect(client.send('alice', 'bob', '')).rejects.toThrow(
    'gateway-1 answers POST /messages with 400: {"code":"invalid_request"}',
  );
});

test('a conversation is read page by page, and again while a gateway is busy', async () => {
  const next = '</messages/alice/bob?sort=log&after=x>; rel="next"';
  planned = [
    busy,
    { status: 200, body: [message], headers: { link: next } },
    { status: 200, body: [{ ...message, messageId: 'n' }] },
  ];
  expect((await client.read(['alice', 'bob'], 'log')).map(({ messageId }) => messageId)).toEqual(['m', 'n']);
  expect(seen.map(({ url }) => url)).toEqual([
    ...Array(2).fill('/messages/alice/bob?sort=log&limit=500'),
    '/messages/alice/bob?sort=log&after=x',
  ]);
});

test('a message that is not stored yet is not found, and that is no failure', async () => {
  planned = [
    { status: 404, body: { code: 'message_not_found' } },
    { status: 200, body: message },
  ];
  expect(await client.find('m')).toBeUndefined();
  expect(await client.find('m')).toEqual(message);
});
