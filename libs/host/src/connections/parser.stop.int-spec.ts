import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@wiber/harness';
import { GuardedServer } from './guarded.server.double-spec.ts';

let server: GuardedServer;
afterEach(() => server.end());

const ASKS = {
  'h2c, as clients of HTTP/2 do':
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA',
  websocket: 'Connection: keep-alive, Upgrade\r\nUpgrade: websocket',
};
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers && `${headers}\r\n`}\r\n`;
const post = (text: string, headers: string) =>
  `POST /echo HTTP/1.1\r\nHost: x\r\n${headers}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
const chunked = (text: string, headers: string) =>
  `POST /echo HTTP/1.1\r\nHost: x\r\n${headers}\r\nTransfer-Encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

/** The bodies of the answers so far, in their order. None has a line break. */
const bodiesIn = (text: string): string[] =>
  text
    .split('HTTP/1.1 200 OK\r\n')
    .slice(1)
    .map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4).replace(/[\da-f]+\r\n([^\r]*)\r\n/g, '$1'));

describe.each(Object.entries(ASKS))('a request that asks for %s', (_, headers) => {
  test.each<[string, string, string]>([
    ['without a body', get('/asks', headers), '/asks'],
    ['with a body', post('a body', headers), 'a body'],
    ['with a body in chunks', chunked('a body', headers), 'a body'],
  ])('%s is answered as any other, and those behind it in their order', async (_name, asks, answer) => {
    server = await GuardedServer.start();
    const client = server.client();
    client.socket.write(get('/before') + asks + get('/1') + asks + asks + post('2', 'A: b') + get('/3'));
    await eventually(() => expect(bodiesIn(client.text)).toEqual(['/before', answer, '/1', answer, answer, '2', '/3']));
    client.socket.write(get('/later'));
    await eventually(() => expect(bodiesIn(client.text).at(-1)).toBe('/later'));
    expect(server.closed).toEqual([]);
  });

  test('and that waits for its turn is answered in its turn, with those behind it', async () => {
    // Each request waits behind the one before it.
    server = await GuardedServer.start({ pipelineMax: 1 }, { budget: { count: () => undefined, isSpent: true } });
    const client = server.client();
    const asks = [get('/asks', headers), post('a body', headers), chunked('chunks', headers)];
    client.socket.write(asks.join('') + get('/1') + asks.join('') + get('/2'));
    const answers = ['/asks', 'a body', 'chunks'];
    await eventually(() => expect(bodiesIn(client.text)).toEqual([...answers, '/1', ...answers, '/2']));
  });

  test.each([1, 7, 41, 64])('and comes in pieces of %i bytes is answered, with those behind it', async (length) => {
    server = await GuardedServer.start();
    const client = server.client();
    client.socket.setNoDelay(true);
    const bytes = post('a body', headers) + get('/1') + get('/asks', headers) + chunked('chunks', headers) + get('/2');
    for (let at = 0; at < bytes.length; at += length) {
      client.socket.write(bytes.slice(at, at + length));
      // The next piece is another read of the server.
      await delay(1);
    }
    await eventually(() => expect(bodiesIn(client.text)).toEqual(['a body', '/1', '/asks', 'chunks', '/2']));
  });

  test('and comes alone in its read is answered, with those behind it', async () => {
    server = await GuardedServer.start();
    const client = server.client();
    const answers: string[] = [];
    for (const [asks, answer] of [
      [get('/asks', headers), '/asks'],
      [post('a body', headers), 'a body'],
      [chunked('chunks', headers), 'chunks'],
      [get('/asks', headers), '/asks'],
    ] as const) {
      client.socket.write(asks);
      answers.push(answer);
      await eventually(() => expect(bodiesIn(client.text)).toEqual(answers));
    }
  });
});

test('a request that asks for another protocol and to close the connection is the last that is worked on', async () => {
  server = await GuardedServer.start();
  const client = server.client();
  client.socket.write(get('/last', 'Connection: close, Upgrade\r\nUpgrade: h2c') + get('/behind'));
  await eventually(() => expect(client.isClosed).toBe(true));
  expect(bodiesIn(client.text)).toEqual(['/last']);
  expect(server.seen).toEqual(['/last']);
});

test('a CONNECT behind a request that asks for another protocol is answered', async () => {
  server = await GuardedServer.start();
  const client = server.client();
  client.socket.write(get('/asks', ASKS.websocket) + 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n');
  // The server of this spec does not wait for the answers before.
  await eventually(() => expect(client.statuses.at(-1)).toBe(405));
});
