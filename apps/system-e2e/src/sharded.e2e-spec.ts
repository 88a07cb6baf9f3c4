import type { Message, Problem } from '@wiber/contracts';
import { GroupReader, StoreReader } from '@wiber/evidence';
import { AppProcess, TopicAdmin, eventually, freshSystem } from '@wiber/harness';
import { countIn, page, post } from './api.client.ts';
import { allStored, append, drained, messageOf } from './log.client.ts';

/** Apps whose messages are sharded by conversation, on a mongod that is not sharded: with the same indexes. */
let env: Record<string, string>;
let gateways: AppProcess[];
let ingest: AppProcess | undefined;

beforeEach(async () => {
  env = { ...(await freshSystem()), MONGO_SHARD_KEY: 'conversationId' };
  gateways = [];
});

afterEach(async () => {
  await Promise.all([...gateways, ...(ingest ? [ingest] : [])].map((app) => app.end('SIGKILL')));
  ingest = undefined;
});

const startGateways = async (count: number): Promise<string[]> => {
  for (let number = 1; number <= count; number += 1)
    gateways.push(await AppProcess.start('gateway', { ...env, INSTANCE: `gateway-${number}` }));
  return gateways.map(({ url }) => url);
};

const startIngest = async (): Promise<AppProcess> => (ingest = await AppProcess.start('ingest', env));

const WAIT = { Prefer: 'wait=30' };
const KEY = { 'Idempotency-Key': 'k-1' };
const body = { fromUser: 'ann', toUser: 'ben', content: 'once' };
const idOf = ({ body: message }: { body: Message | Problem }): string => (message as Message).messageId;

test('a batch that is delivered again stores nothing twice', async () => {
  const messages = Array.from({ length: 1000 }, (_, index) => messageOf(index));
  await append(env, messages);
  const group = new GroupReader(env);
  const store = await StoreReader.openFor(env);
  try {
    const first = await startIngest();
    await drained(group);
    expect(await first.end()).toBe(0);
    const before = await allStored(store);
    expect(before).toHaveLength(messages.length);
    await new TopicAdmin(env).rewind();
    const second = await startIngest();
    await drained(group);
    expect(await second.metric('wiber_messages_already_stored_total')).toBe(messages.length);
    expect(await allStored(store)).toEqual(before);
  } finally {
    await store.close();
  }
});

test('one request at two gateways at once has one id and is stored once, and another body under the key is 409 at both', async () => {
  const urls = await startGateways(2);
  await startIngest();
  const answers = await Promise.all(urls.map((url) => post(url, body, { ...KEY, ...WAIT })));
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers[0]?.body).toEqual(answers[1]?.body);
  expect(await page(urls[0]!, ['ann', 'ben'])).toEqual([answers[0]?.body]);
  for (const url of urls)
    expect(await post(url, { ...body, content: 'other' }, KEY)).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
});

test('two bodies under one key that two gateways accepted: the first in the log is stored, the other never', async () => {
  const [first = '', second = ''] = await startGateways(2);
  expect((await post(first, body, KEY)).status).toBe(202);
  expect((await post(second, { ...body, content: 'other' }, KEY)).status).toBe(202);
  await startIngest();
  await eventually(async () => expect(await countIn(first, 'ann', 'ben')).toBe(1));
  expect(await post(second, body, { ...KEY, ...WAIT })).toMatchObject({ status: 201, body });
  expect(await page(first, ['ann', 'ben'])).toMatchObject([body]);
});

test('one key for two recipients is two messages with two ids, each found by its id, also at two gateways at once', async () => {
  const urls = await startGateways(2);
  await startIngest();
  const toBoth = ['ben', 'carl'].map((toUser) => ({ ...body, toUser }));
  const answers = await Promise.all(toBoth.map((one, index) => post(urls[index]!, one, { ...KEY, ...WAIT })));
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  const ids = answers.map(idOf);
  expect(new Set(ids).size).toBe(2);
  for (const [index, one] of toBoth.entries()) {
    const found = await fetch(`${urls[0]!}/messages/${ids[index]!}`);
    expect(await found.json()).toMatchObject(one);
    // A retry at the other gateway is the same message.
    expect(idOf(await post(urls[1 - index]!, one, { ...KEY, ...WAIT }))).toBe(ids[index]);
  }
});
