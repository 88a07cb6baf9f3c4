import { PROBLEMS, type Message, type Problem } from '@wiber/contracts';
import { readDeadLetters } from '@wiber/evidence';
import { AppProcess, OwnServers, eventually, freshSystem } from '@wiber/harness';
import { page, post, type Answer } from './api.client.ts';

const QUEUE_MAX = 20;
/** More failed reads than the breaker needs to open. */
const READS = 5;

let servers: OwnServers;
let env: Record<string, string>;
let gateway: AppProcess;
let ingest: AppProcess;

beforeAll(async () => {
  servers = await OwnServers.start();
  env = { ...(await freshSystem(servers, 1)), API_QUEUE_MAX: String(QUEUE_MAX) };
  [gateway, ingest] = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
  ]);
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end()]);
  await servers?.close();
});

interface Readiness {
  status: string;
  kafka: string;
  mongodb: string;
  breakers: Record<string, string>;
}

const readiness = async (app: AppProcess): Promise<Readiness> =>
  (await (await fetch(`${app.url}/health/readiness`)).json()) as Readiness;

const sample = (app: AppProcess, metric: string, breaker: string): Promise<number> =>
  app.metric(metric, { labels: { breaker } });
const stateOf = (app: AppProcess, breaker: string) => sample(app, 'wiber_breaker_state', breaker);
const openingsOf = (app: AppProcess, breaker: string) => sample(app, 'wiber_breaker_openings_total', breaker);
const rejectionsOf = (app: AppProcess, breaker: string) => sample(app, 'wiber_breaker_rejections_total', breaker);

const isClosed = async (app: AppProcess, breaker: string) => {
  expect((await readiness(app)).breakers).toMatchObject({ [breaker]: 'closed' });
  expect(await stateOf(app, breaker)).toBe(0);
};
const isAway = async (app: AppProcess, breaker: string) => {
  expect((await readiness(app)).breakers[breaker]).toMatch(/^(open|half-open)$/);
  expect(await stateOf(app, breaker)).toBeGreaterThan(0);
  expect(await openingsOf(app, breaker)).toBeGreaterThan(0);
};

const send = (content: string, headers: Record<string, string> = {}): Promise<Answer> =>
  post(gateway.url, { fromUser: 'ann', toUser: 'ben', content }, headers);

/** Expects 503 with its code and Retry-After. */
const expectUnreadable = async (path: string): Promise<void> => {
  const answer = await fetch(gateway.url + path);
  expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([503, 'store_unavailable']);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
};
const PAGE = '/messages/ann/ben';
const WAYS_TO_READ = [PAGE, '/users/ann/messages', '/messages/count', '/messages/00000000-0000-7000-8000-000000000000'];

const openReads = async (): Promise<void> => {
  await Promise.all(Array.from({ length: READS }, () => expectUnreadable(PAGE)));
  await isAway(gateway, 'mongodb-read');
};

/** Expects that the breaker refuses every way to read: it counts only calls that do not reach MongoDB. */
const expectTurnedAway = async (): Promise<void> => {
  const before = await rejectionsOf(gateway, 'mongodb-read');
  for (const path of WAYS_TO_READ) await expectUnreadable(path);
  expect(await rejectionsOf(gateway, 'mongodb-read')).toBe(before + WAYS_TO_READ.length);
};

test('while MongoDB hangs, reads are refused at once and POST continues; the breaker closes without a read and without a person', async () => {
  const first = await send('before', { Prefer: 'wait=20' });
  expect(first.status).toBe(201);
  expect((await readiness(gateway)).breakers).toEqual({
    'mongodb-read': 'closed',
    'mongodb-write': 'closed',
    'produce-0': 'closed',
  });
  expect((await readiness(ingest)).breakers).toEqual({ 'mongodb-write': 'closed' });
  await servers.tell('pause', 'mongo-1');
  await openReads();
  await expectTurnedAway();
  expect(await readiness(gateway)).toMatchObject({ status: 'not_ready', kafka: 'connected', mongodb: 'disconnected' });
  const sent = [await send('hung'), await send('hung, with a key', { 'Idempotency-Key': 'hung' })];
  expect(sent.map(({ status }) => status)).toEqual([202, 202]);
  await servers.tell('resume', 'mongo-1');
  await eventually(() => isClosed(gateway, 'mongodb-read'));
  await eventually(async () =>
    expect(await page(gateway.url, ['ann', 'ben'], '?sort=log')).toEqual([first.body, ...sent.map(({ body }) => body)]),
  );
});

test('while MongoDB is killed, the breakers of reads and writes open; they close by themselves, and nothing is lost or rejected', async () => {
  const before = await page(gateway.url, ['ann', 'ben'], '?sort=log');
  await servers.tell('kill', 'mongo-1');
  const sent: Message[] = [];
  for (let index = 0; index < 20; index += 1) {
    const answer = await send(`killed ${index}`);
    expect(answer.status).toBe(202);
    sent.push(answer.body as Message);
  }
  await openReads();
  await expectTurnedAway();
  await eventually(() => isAway(ingest, 'mongodb-write'));
  await eventually(async () => expect(await rejectionsOf(ingest, 'mongodb-write')).toBeGreaterThan(0));
  await servers.tell('start', 'mongo-1');
  await eventually(() => isClosed(gateway, 'mongodb-read'));
  await eventually(() => isClosed(ingest, 'mongodb-write'));
  await eventually(async () =>
    expect(await page(gateway.url, ['ann', 'ben'], '?sort=log')).toEqual([...before, ...sent]),
  );
  // A store that is down is no reason to reject a record: none has become a dead letter.
  expect(await ingest.metric('wiber_dead_letters_total', { orZero: true })).toBe(0);
  expect(await readDeadLetters(env)).toEqual([]);
});

test('while Kafka hangs, a flood is refused at once and the queue keeps its bound; POST works again by itself', async () => {
  const depths: number[] = [];
  const refused: Answer[] = [];
  const flood = async () => {
    const answers = Array.from({ length: QUEUE_MAX * 10 }, (_, index) =>
      post(gateway.url, { fromUser: 'cat', toUser: 'dan', content: `flood ${index}` }),
    );
    depths.push(await gateway.metric('wiber_produce_lane_depth'));
    refused.push(...(await Promise.all(answers)));
  };
  await servers.tell('pause', 'kafka-1');
  await eventually(async () => {
    await flood();
    await isAway(gateway, 'produce-0');
  });
  await flood();
  const codes = new Map<string, number>();
  for (const { status, headers, body } of refused) {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    const { code } = body as Problem;
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect([...codes.keys()].sort()).toEqual(['log_unavailable', 'outcome_unknown', 'overloaded']);
  for (const code of codes.keys()) expect(PROBLEMS).toHaveProperty(code);
  // A lane holds the waiting messages and those of its request, which had waited before.
  expect(Math.max(...depths)).toBeLessThanOrEqual(QUEUE_MAX * 2);
  const turnedAway = await rejectionsOf(gateway, 'produce-0');
  expect((await send('turned away')).body).toMatchObject({ code: 'log_unavailable' });
  expect(await rejectionsOf(gateway, 'produce-0')).toBe(turnedAway + 1);
  await servers.tell('resume', 'kafka-1');
  await eventually(() => isClosed(gateway, 'produce-0'));
  await eventually(async () => expect((await send('back', { Prefer: 'wait=20' })).status).toBe(201));
  const stored = (await page(gateway.url, ['cat', 'dan'], '?limit=500')).map(({ messageId }) => messageId);
  expect(stored.length).toBeLessThanOrEqual(codes.get('outcome_unknown') ?? 0);
  expect(new Set(stored).size).toBe(stored.length);
  expect(await gateway.metric('wiber_produce_lane_depth')).toBe(0);
});

test('while Kafka hangs, nothing is said of a position that nobody knows, and a gateway that stops answers the sends in hand', async () => {
  const settings = { INSTANCE: 'gateway-2', DRAIN_MS: '0', STOP_MS: '1000' };
  const stopping = await AppProcess.start('gateway', { ...env, ...settings });
  try {
    const body = { fromUser: 'eve', toUser: 'dan', content: 'in hand' };
    expect((await post(stopping.url, body)).status).toBe(202);
    await servers.tell('pause', 'kafka-1');
    const unknown = await fetch(
      `${stopping.url}/messages/0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e?partition=4096&offset=5`,
    );
    expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await unknown.json()).toMatchObject({ code: 'log_unavailable' });
    const answers = Promise.all(Array.from({ length: 4 }, () => post(stopping.url, body)));
    await eventually(async () => expect(await stopping.metric('wiber_produce_lane_depth')).toBe(4));
    expect(await stopping.end()).toBe(0);
    // Those that wait behind the request in flight were not sent.
    const code = expect.stringMatching(/^(outcome_unknown|log_unavailable)$/) as string;
    for (const answer of await answers) expect(answer).toMatchObject({ status: 503, body: { code } });
  } finally {
    await servers.tell('resume', 'kafka-1');
    await stopping.end();
  }
});
