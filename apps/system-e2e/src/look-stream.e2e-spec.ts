import { AppProcess, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { post } from './api.client.ts';
import { eventsOf } from './event.stream.ts';
import { LookClient } from './look.client.ts';
import { DeclaredAnswers, documentOf } from './openapi.client.ts';
import { rawText, talk, wire } from './raw.client.ts';

let gateway: AppProcess;
let ingest: AppProcess;
let worker: AppProcess;
let env: Record<string, string>;
const streams: LookClient[] = [];

beforeAll(async () => {
  env = { ...(await freshSystem()), API_STREAMS_MAX: '3' };
  [gateway, ingest, worker] = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
    ['metrics', env],
  ]);
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await eventually(async () => expect(await gateway.metric('wiber_gateway_streams')).toBe(0));
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end(), worker?.end()]);
});

const open = async (query?: string): Promise<LookClient> => {
  const stream = await LookClient.open(gateway.url, query);
  streams.push(stream);
  return stream;
};

test('a look comes each second and shows partitions, brokers, members, the leader and what is accepted and stored', async () => {
  const stream = await open();
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  await eventually(() => expect(stream.last.leader).toBeDefined());
  const before = stream.last;
  const sent = await post(gateway.url, { fromUser: 'ann', toUser: 'ben', content: 'hi' }, { Prefer: 'wait=20' });
  expect(sent.status).toBe(201);
  await eventually(() =>
    expect(Math.max(...stream.looks.map(({ totals }) => totals.acceptedPerSecond))).toBeGreaterThan(0),
  );
  await eventually(() => expect(stream.last.totals.lag).toBe(0));
  const { last } = stream;
  expect(last).toMatchObject({ by: 'gateway-1', leader: { holder: 'metrics-1' }, openDeadLetters: 0 });
  expect(last.partitions.length).toBe(before.partitions.length);
  for (const { leader, replicas, inSync } of last.partitions) {
    expect(replicas).toContain(leader);
    expect(inSync).toContain(leader);
  }
  expect(last.brokers.every(({ status }) => status === 'up')).toBe(true);
  expect(last.members.filter(({ state }) => state === 'primary')).toHaveLength(1);
  expect(last.unknown.filter(({ part }) => part !== 'pulses')).toEqual([]);
  const sequences = stream.looks.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, index) => sequences[0]! + index));
});

const LOOK = { $ref: '#/components/schemas/LookDto' };

test('looks have the fields that the document declares and no others', async () => {
  const declared = new DeclaredAnswers(await documentOf(gateway.url));
  const stream = await open();
  // What ingest stores before its first sign of life is in no latency, and dead letters before the first count in no event.
  await eventually(() => expect(stream.last).toMatchObject({ ingests: [{ status: 'up' }], openDeadLetters: 0 }));
  await post(gateway.url, { fromUser: 'ann', toUser: 'ben', content: 'hi' }, { Prefer: 'wait=20' });
  await appendRaw(env, [{ key: 'a:b', partition: 0, value: Buffer.from('x') }]);
  await eventually(() => expect(declared.missingFields('LookDto', stream.looks)).toEqual([]));
  expect(stream.looks.flatMap((look) => declared.faultsOfValue(look, LOOK))).toEqual([]);
});

test('the example of the stream is a stream as the document declares it, and its look has every field', async () => {
  const document = await documentOf(gateway.url);
  const declared = new DeclaredAnswers(document);
  const example = document.paths['/stats/stream']!['get']!.responses['200']!.content!['text/event-stream']!.example;
  const headers = { 'Content-Type': 'text/event-stream', 'X-Request-Id': 'example' };
  const answer = new Response(example as string, { headers });
  expect(await declared.faultsOf(answer, { path: '/stats/stream', method: 'get' })).toEqual([]);
  const [look, bye, ...more] = eventsOf(example as string);
  expect([look?.event, bye?.event, more]).toEqual(['look', 'bye', []]);
  expect(declared.missingFields('LookDto', [JSON.parse(look!.data) as object])).toEqual([]);
});

test('all clients share each look, a stream with `looks` ends by itself, and one more than API_STREAMS_MAX is refused', async () => {
  const [one, other, three] = [await open(), await open(), await open('?looks=2')];
  const refused = await fetch(`${gateway.url}/stats/stream`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refused.json()).toMatchObject({ code: 'streams_busy' });
  await three.ended;
  expect(three.looks).toHaveLength(2);
  const shared = three.looks.map(({ sequence }) => sequence);
  for (const stream of [one, other])
    await eventually(() =>
      expect(stream.looks.map(({ sequence }) => sequence)).toEqual(expect.arrayContaining(shared)),
    );
});

test('a stream is the last answer of its connection: what is pipelined behind it is not worked on', async () => {
  const request = wire(
    'POST /messages',
    { 'Content-Type': 'application/json' },
    '{"fromUser":"eve","toUser":"fay","content":"no"}',
  );
  const stream = Buffer.from('GET /stats/stream?looks=1 HTTP/1.1\r\nHost: wiber\r\n\r\n');
  const head = Buffer.from('HEAD /stats/stream HTTP/1.1\r\nHost: wiber\r\n\r\n');
  const text = await rawText(gateway.url, Buffer.concat([head, stream, request]));
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '200']);
  const count = await fetch(`${gateway.url}/messages/count?user1=eve`);
  expect(await count.json()).toMatchObject({ count: 0 });
});

test('a bad query is refused, and OPTIONS says what the path takes', async () => {
  const [bad] = await talk(gateway.url, wire('GET /stats/stream?looks=0'));
  expect([bad!.status, (JSON.parse(bad!.body) as { code: string }).code]).toEqual([400, 'invalid_request']);
  const [options] = await talk(gateway.url, wire('OPTIONS /stats/stream'));
  expect([options!.status, options!.headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS']);
});

test('the console is served by the gateway under its policy, or it is said how to get it', async () => {
  const answer = await fetch(`${gateway.url}/console`);
  const text = await answer.text();
  if (answer.status === 404) return expect(JSON.parse(text)).toMatchObject({ code: 'console_not_built' });
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const links = [...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link!);
  expect(links.length).toBeGreaterThan(1);
  for (const link of links) {
    expect(link).toMatch(/^\/console\//);
    expect((await fetch(gateway.url + link)).status).toBe(200);
  }
  const licenses = await (await fetch(`${gateway.url}/console/licenses.txt`)).text();
  expect(licenses).toMatch(/^react \d.*\(MIT\)$/m);
  const [posted] = await talk(gateway.url, wire('POST /console/messages'));
  expect([posted!.status, posted!.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

test('an instance that stops says bye on each stream and ends it, and the stop takes no longer for it', async () => {
  const stream = await open();
  await eventually(() => expect(stream.looks.length).toBeGreaterThan(0));
  const begin = performance.now();
  expect(await gateway.end('SIGTERM')).toBe(0);
  expect(performance.now() - begin).toBeLessThan(5000);
  await stream.ended;
  expect(stream.saidBye).toBe(true);
  gateway = await AppProcess.start('gateway', env);
});
