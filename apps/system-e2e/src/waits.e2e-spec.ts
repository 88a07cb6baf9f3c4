import { connect, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { Message, Problem } from '@wiber/contracts';
import { StoreEditor } from '@wiber/evidence';
import { AppProcess, TopicAdmin, createTopic, eventually, freshSystem } from '@wiber/harness';
import { post } from './api.client.ts';

let env: Record<string, string>;
let gateway: AppProcess;
let ingest: AppProcess | undefined;

beforeEach(async () => {
  env = await freshSystem();
  gateway = await AppProcess.start('gateway', { ...env, API_WAITS_MAX: '40' });
});

afterEach(async () => {
  await Promise.all([gateway?.end(), ingest?.end()]);
  ingest = undefined;
});

const startIngest = async () => (ingest = await AppProcess.start('ingest', env));
const ask = (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers });
const codeAt = async (path: string, headers: Record<string, string> = {}) =>
  ((await (await ask(path, headers)).json()) as Problem).code;
const body = (content = 'hi') => ({ fromUser: 'ann', toUser: 'ben', content });

test('after the topic was deleted and made anew without ingest, no message is said to be stored from positions of the old topic', async () => {
  await startIngest();
  for (let count = 0; count < 20; count += 1) {
    expect((await post(gateway.url, body(`old ${count}`), { Prefer: 'wait=20' })).status).toBe(201);
  }
  await ingest?.end();
  await new TopicAdmin(env).deleteTopic();
  await createTopic(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), { topic: env['KAFKA_TOPIC']!, partitions: 3 });
  let location = '';
  await eventually(async () => {
    const sent = await post(gateway.url, body('new'), { Prefer: 'wait=1' });
    expect(sent.status).toBe(202);
    expect(sent.headers.get('message-state')).toBeNull();
    location = sent.headers.get('location')!;
  });
  expect(location).toMatch(/&offset=\d$/);
  expect(await codeAt(location)).toBe('message_pending');
  expect(await codeAt(location, { Prefer: 'wait=1' })).toBe('message_pending');
  await startIngest();
  const found = await ask(location, { Prefer: 'wait=30' });
  expect([found.status, ((await found.json()) as Message).content]).toEqual([200, 'new']);
});

test('a message that becomes a dead letter is never said to be stored: the answer to a wait says so, and so does its address', async () => {
  await gateway.end();
  env = await freshSystem();
  const editor = await StoreEditor.openFor(env);
  await editor.refuseContent('forbidden');
  await editor.close();
  gateway = await AppProcess.start('gateway', env);
  await startIngest();
  const sent = await post(gateway.url, body('forbidden'), { Prefer: 'wait=20' });
  expect(sent).toMatchObject({ status: 202, body: body('forbidden') });
  expect(sent.headers.get('message-state')).toBe('dead-lettered');
  expect(sent.headers.get('preference-applied')).toBeNull();
  const located = await ask(sent.headers.get('location')!);
  expect([located.status, ((await located.json()) as Problem).code]).toEqual([404, 'message_dead_lettered']);
  const stored = await post(gateway.url, body('allowed'), { Prefer: 'wait=20' });
  expect([stored.status, stored.headers.get('message-state')]).toEqual([201, null]);
});

test('a position that the log does not have is refused at once, however long the client would wait', async () => {
  const sent = await post(gateway.url, body());
  const at = new URL(gateway.url + sent.headers.get('location')).searchParams;
  const other = `/messages/${randomUUID()}`;
  const positions = [
    'partition=4096&offset=0',
    'partition=3&offset=0',
    'partition=0&offset=999999999999999',
    `partition=${at.get('partition')}&offset=${Number(at.get('offset')) + 1}`,
  ];
  for (const position of positions) {
    // A wait of 30 s would end the test.
    expect(await codeAt(`${other}?${position}`, { Prefer: 'wait=30' })).toBe('position_not_found');
    expect(await codeAt(`${other}?${position}`)).toBe('position_not_found');
  }
  expect(await codeAt(sent.headers.get('location')!)).toBe('message_pending');
});

/** Sends requests on one connection, and collects what comes back. */
const pipeline = (requests: string[]) => {
  const { hostname, port } = new URL(gateway.url);
  const socket: Socket = connect(Number(port), hostname);
  const state = { text: '' };
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (state.text += chunk.toString('latin1')));
  socket.write(requests.join(''));
  return { socket, answers: () => state.text.split('HTTP/1.1 ').length - 1 };
};

test('only so many wait, a quarter of them for one partition; the next are answered at once, and a closed connection ends its waits', async () => {
  const sent = await post(gateway.url, body());
  const path = sent.headers.get('location')!;
  const request = `GET ${path} HTTP/1.1\r\nHost: wiber\r\nPrefer: wait=30\r\n\r\n`;
  const waiting = Array.from({ length: 10 }, () => pipeline([request]));
  await eventually(async () => expect(await gateway.metric('wiber_gateway_waits')).toBe(10));
  const flood = pipeline(Array.from({ length: 300 }, () => request));
  await eventually(() => expect(flood.answers()).toBe(300));
  expect(await codeAt(path, { Prefer: 'wait=30' })).toBe('message_pending');
  const busy = await post(gateway.url, body('not waited for'), { Prefer: 'wait=30' });
  expect([busy.status, busy.headers.get('preference-applied')]).toEqual([202, null]);
  expect(waiting.map(({ answers }) => answers())).toEqual(waiting.map(() => 0));
  for (const { socket } of [...waiting, flood]) socket.destroy();
  await eventually(async () => expect(await gateway.metric('wiber_gateway_waits')).toBe(0));
  const again = pipeline([request]);
  await eventually(async () => expect(await gateway.metric('wiber_gateway_waits')).toBe(1));
  await startIngest();
  await eventually(() => expect(again.answers()).toBe(1));
  again.socket.destroy();
});

test('more clients than a gateway works on at once, each of which waits, leave room for those that do not', async () => {
  await gateway.end();
  gateway = await AppProcess.start('gateway', { ...env, HTTP_REQUESTS_MAX: '40' });
  const json = JSON.stringify(body());
  const send =
    'POST /messages HTTP/1.1\r\nHost: wiber\r\nPrefer: wait=30\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${json.length}\r\n\r\n${json}`;
  const clients: ReturnType<typeof pipeline>[] = [];
  for (let count = 0; count < 60; count += 1) {
    clients.push(pipeline([send]));
    // One after the other, so that the limit of requests in hand is met by waits alone.
    await eventually(async () => expect(await answered()).toBe(clients.length));
  }
  expect(await gateway.metric('wiber_gateway_waits')).toBe(3);
  expect((await post(gateway.url, body('not waited for'))).status).toBe(202);
  for (const { socket } of clients) socket.destroy();

  /** Those that have an answer, and those that wait. */
  async function answered() {
    return clients.filter(({ answers }) => answers() > 0).length + (await gateway.metric('wiber_gateway_waits'));
  }
});

test('the waits of clients that close their connections in order, by FIN and not by RST, end as well', async () => {
  const sent = await post(gateway.url, body());
  const head = 'Host: wiber\r\nPrefer: wait=30\r\n';
  const json = JSON.stringify(body());
  const get = `GET ${sent.headers.get('location')} HTTP/1.1\r\n${head}\r\n`;
  const send = `POST /messages HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`;
  const waiting = [get, send, get, send].map((request) => pipeline([request]));
  await eventually(async () => expect(await gateway.metric('wiber_gateway_waits')).toBe(4));
  for (const { socket } of waiting) socket.end();
  // Long before the 30 s of the waits are over.
  const ended = async () => expect(await gateway.metric('wiber_gateway_waits')).toBe(0);
  await eventually(ended, { within: 15_000 });
  // Who still listens has the answer: the message is accepted, and not stored.
  await eventually(() => expect(waiting.map(({ answers }) => answers())).toEqual([1, 1, 1, 1]));
});

test('a gateway that stops ends waits that are longer than its drain, and exits with code 0', async () => {
  const answer = post(gateway.url, body(), { Prefer: 'wait=30' });
  await eventually(async () => expect(await gateway.metric('wiber_gateway_waits')).toBe(1));
  const ended = gateway.end();
  expect((await answer).status).toBe(202);
  expect(await ended).toBe(0);
});
