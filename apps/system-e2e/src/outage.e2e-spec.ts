import { AppProcess, OwnServers, eventually, freshSystem } from '@wiber/harness';
import type { Message } from '@wiber/contracts';
import { page, post } from './api.client.ts';

let servers: OwnServers;
let gateway: AppProcess;
let ingest: AppProcess;

beforeAll(async () => {
  servers = await OwnServers.start();
  // A consumer that joins again after an outage waits until its former self is given up.
  const env = { ...(await freshSystem(servers)), KAFKA_SESSION_TIMEOUT_MS: '6000' };
  [gateway, ingest] = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
  ]);
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end()]);
  await servers?.close();
});

const readiness = async (app: AppProcess) => {
  const answer = await fetch(`${app.url}/health/readiness`);
  return { status: answer.status, body: await answer.json() };
};
const serving = async (app: AppProcess) => {
  const answer = await fetch(`${app.url}/health/serving`);
  return { status: answer.status, body: await answer.json() };
};
const liveness = async (app: AppProcess) => (await fetch(`${app.url}/health/liveness`)).status;
const message = (content: string) => ({ fromUser: 'ann', toUser: 'ben', content });

test('while Kafka is killed, liveness stays 200, readiness names kafka and POST is 503 with Retry-After; everything recovers by itself', async () => {
  await servers.tell('kill', 'kafka-1');
  await eventually(
    async () =>
      expect(await readiness(gateway)).toMatchObject({
        status: 503,
        body: { kafka: 'disconnected', mongodb: 'connected' },
      }),
    { within: 2000 },
  );
  expect(await liveness(gateway)).toBe(200);
  expect(await liveness(ingest)).toBe(200);
  const keyed = { 'Idempotency-Key': 'while-away' };
  const unknown = await post(gateway.url, message('while away'), keyed);
  expect(unknown).toMatchObject({
    status: 503,
    body: { code: expect.stringMatching(/^(outcome_unknown|log_unavailable)$/) },
  });
  const refused = await post(gateway.url, message('refused'));
  expect(refused).toMatchObject({ status: 503, body: { code: 'log_unavailable' } });
  expect(refused.headers.get('retry-after')).toBe('1');
  await servers.tell('start', 'kafka-1');
  await eventually(async () => expect(await readiness(gateway)).toMatchObject({ status: 200 }));
  const back = await eventually(async () => {
    const answer = await post(gateway.url, message('back'), { Prefer: 'wait=20' });
    expect(answer.status).toBe(201);
    return answer.body as Message;
  });
  const again = await post(gateway.url, message('while away'), { ...keyed, Prefer: 'wait=20' });
  expect(again.status).toBe(201);
  const read = await page(gateway.url, ['ann', 'ben'], '?sort=log');
  expect(read.filter(({ messageId }) => messageId === back.messageId)).toHaveLength(1);
  expect(read.filter(({ content }) => content === 'refused')).toHaveLength(0);
  // The first try may or may not have reached the log. Under one key there is one message: that of the retry's answer.
  expect(read.filter(({ content }) => content === 'while away')).toEqual([again.body]);
});

test('while MongoDB is killed, POST continues and GET is 503 with Retry-After; accepted messages are stored in order afterwards', async () => {
  await servers.tell('kill', 'mongo-1');
  await eventually(
    async () =>
      expect(await readiness(gateway)).toMatchObject({
        status: 503,
        body: { kafka: 'connected', mongodb: 'disconnected' },
      }),
    { within: 2000 },
  );
  expect(await liveness(gateway)).toBe(200);
  expect(await liveness(ingest)).toBe(200);
  const sent: Message[] = [];
  for (let index = 0; index < 50; index += 1) {
    const answer = await post(gateway.url, { fromUser: 'cat', toUser: 'dan', content: `m${index}` });
    expect(answer.status).toBe(202);
    sent.push(answer.body as Message);
  }
  const refused = await fetch(`${gateway.url}/messages/cat/dan`);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ code: 'store_unavailable' });
  await servers.tell('start', 'mongo-1');
  await eventually(async () => expect(await page(gateway.url, ['cat', 'dan'], '?sort=log')).toEqual(sent), {
    within: 60_000,
  });
});

test('a gateway serves while Kafka or MongoDB is there, ingest while both are, and the probe names what can be done', async () => {
  const work = (sends: boolean, reads: boolean) => ({ body: { work: { sends, reads } } });
  await eventually(async () => expect(await serving(gateway)).toMatchObject({ status: 200, ...work(true, true) }));
  await eventually(async () => expect(await serving(ingest)).toMatchObject({ status: 200 }));
  await servers.tell('kill', 'mongo-1');
  await eventually(async () => expect(await serving(gateway)).toMatchObject({ status: 200, ...work(true, false) }));
  expect(await serving(ingest)).toMatchObject({ status: 503, body: { status: 'not_serving' } });
  // Stopped, not killed: its next start need not wait for the end of its session.
  await servers.tell('stop', 'kafka-1');
  await eventually(async () => expect(await serving(gateway)).toMatchObject({ status: 503, ...work(false, false) }));
  // `start` would wait for Kafka too.
  await servers.tell('launch', 'mongo-1');
  await eventually(async () => expect(await serving(gateway)).toMatchObject({ status: 200, ...work(false, true) }));
  await servers.tell('start', 'kafka-1');
  await eventually(async () => expect(await serving(gateway)).toMatchObject({ status: 200, ...work(true, true) }));
});
