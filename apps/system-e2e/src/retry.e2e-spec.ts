import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { countIn, page, post } from './api.client.ts';

let env: Record<string, string>;
let gateway: AppProcess;

beforeAll(async () => {
  env = await freshSystem();
  gateway = await AppProcess.start('gateway', env);
});

afterAll(async () => {
  await gateway?.end();
});

const body = { fromUser: 'ann', toUser: 'ben', content: 'once' };
const headers = { 'Idempotency-Key': 'k-1' };

test('a retry is answered with the first message before that is stored, another body is 409, and one message is stored', async () => {
  const first = await post(gateway.url, body, headers);
  expect(first.status).toBe(202);
  const retries = await Promise.all([1, 2, 3].map(() => post(gateway.url, body, headers)));
  for (const retry of retries) {
    expect(retry.status).toBe(202);
    expect(retry.body).toEqual(first.body);
    expect(retry.headers.get('location')).toBe(first.headers.get('location'));
  }
  expect(await post(gateway.url, body, { ...headers, Prefer: 'wait=1' })).toMatchObject({
    status: 202,
    body: first.body,
  });
  expect(await post(gateway.url, { ...body, content: 'other' }, headers)).toMatchObject({
    status: 409,
    body: { code: 'idempotency_conflict' },
  });
  const ingest = await AppProcess.start('ingest', env);
  try {
    const stored = await post(gateway.url, body, { ...headers, Prefer: 'wait=30' });
    expect(stored).toMatchObject({ status: 201, body: first.body });
    expect(await page(gateway.url, ['ann', 'ben'])).toEqual([first.body]);
  } finally {
    await ingest.end();
  }
});

test('the same request at two gateways at once has one id and is stored once, and both 201 have the stored message', async () => {
  const other = await AppProcess.start('gateway', { ...env, INSTANCE: 'gateway-2' });
  const ingest = await AppProcess.start('ingest', env);
  try {
    const both = { ...body, fromUser: 'cat' };
    const answers = await Promise.all(
      [gateway, other].map(({ url }) => post(url, both, { ...headers, Prefer: 'wait=30' })),
    );
    for (const { status } of answers) expect(status).toBe(201);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    await eventually(async () => expect(await countIn(gateway.url, 'cat', 'ben')).toBe(1));
    expect(await page(gateway.url, ['cat', 'ben'])).toEqual([answers[0]?.body]);
  } finally {
    await Promise.all([ingest.end(), other.end()]);
  }
});

test('the body that was first in the log owns the key, also at the gateway that accepted the other body', async () => {
  const other = await AppProcess.start('gateway', { ...env, INSTANCE: 'gateway-2' });
  const [owner, late] = ['first', 'late'].map((content) => ({ ...body, fromUser: 'eve', content }));
  let ingest: AppProcess | undefined;
  try {
    expect((await post(other.url, owner, headers)).status).toBe(202);
    expect((await post(gateway.url, late, headers)).status).toBe(202);
    ingest = await AppProcess.start('ingest', env);
    await eventually(async () => expect(await countIn(gateway.url, 'eve', 'ben')).toBe(1));
    const stored = await post(gateway.url, owner, { ...headers, Prefer: 'wait=5' });
    expect(stored).toMatchObject({ status: 201, body: owner });
    expect(await post(gateway.url, owner, headers)).toMatchObject({ status: 202, body: stored.body });
    expect(await post(gateway.url, late, headers)).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
  } finally {
    await Promise.all([other.end(), ingest?.end()]);
  }
});

test('metrics count accepted and refused requests by code and route, and time requests by the pattern of their route', async () => {
  const sample = (name: string, labels: Record<string, string> = {}): Promise<number> =>
    gateway.metric(name, { labels, orZero: true });
  const route = '/messages/:user1/:user2';
  const timed = { route, method: 'GET', status: '400' };
  const refused = { code: 'invalid_request', route };
  const before = {
    accepted: await sample('wiber_messages_accepted_total'),
    batches: await sample('wiber_produce_batch_records_count'),
    refused: await sample('wiber_requests_refused_total', refused),
    timed: await sample('wiber_http_request_duration_seconds_count', timed),
  };
  await post(gateway.url, { ...body, fromUser: 'dan' });
  await fetch(`${gateway.url}/messages/alice/bob?limit=0`);
  await fetch(`${gateway.url}/made-up-${Math.random()}`);
  expect(await sample('wiber_messages_accepted_total')).toBe(before.accepted + 1);
  expect(await sample('wiber_produce_batch_records_count')).toBe(before.batches + 1);
  expect(await sample('wiber_produce_duration_seconds_count')).toBe(before.batches + 1);
  expect(await sample('wiber_requests_refused_total', refused)).toBe(before.refused + 1);
  expect(await sample('wiber_http_request_duration_seconds_count', timed)).toBe(before.timed + 1);
  expect(await sample('wiber_http_request_duration_seconds_count', { route: 'unrouted' })).toBeGreaterThan(0);
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(text).not.toContain('made-up');
  for (const name of [
    'wiber_produce_lane_depth',
    'wiber_produce_partitions_stalled',
    'wiber_messages_outcome_unknown_total',
  ])
    expect(text).toMatch(new RegExp(`^${name}\\{[^}]*\\} 0$`, 'm'));
});

test('a successful request leaves no line in the log; at debug each request leaves one with its id', async () => {
  const loud = await AppProcess.start('gateway', { ...env, LOG_LEVEL: 'debug' });
  try {
    for (const app of [gateway, loud]) {
      await fetch(`${app.url}/messages/count`, { headers: { 'X-Request-Id': 'trace-4711' } });
    }
    await eventually(() =>
      expect(loud.output).toMatch(/"correlationId":"trace-4711","method":"GET","route":"\/messages\/count"/),
    );
    expect(gateway.output).not.toContain('trace-4711');
  } finally {
    await loud.end();
  }
});
