import { randomUUID } from 'node:crypto';
import type { Message, TrailEntry } from '@wiber/contracts';
import { FaultyMongo, testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import { StoreUnavailableError } from '../connection/mongo.errors.ts';
import { Store } from '../store.ts';
import type { DeadLetterReader } from './dead-letter.reader.ts';
import { DeadLetterSchema } from './dead-letter.schema.ts';
import type { FailedRecord, LetterCursor } from './listed.letter.ts';
import type { DeadLetterWriter } from './dead-letter.writer.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
let store: Store;
let reader: DeadLetterReader;
let writer: DeadLetterWriter;
let topic = '';

const database = `wiber-${randomUUID().slice(0, 8)}`;
const storeAt = (uri: string) =>
  Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 10_000, appName: 'spec' });

beforeAll(async () => {
  store = storeAt(testServers().mongoUri);
  await store.open();
  reader = store.deadLetterReader();
  writer = store.deadLetterWriter();
});

beforeEach(() => {
  topic = `t-${randomUUID().slice(0, 8)}`;
});

afterAll(async () => {
  await client.db(database).dropDatabase();
  await Promise.all([client.close(), store.close()]);
});

const failed = (offset: number, given: Partial<FailedRecord> = {}): FailedRecord => ({
  topic,
  partition: 1,
  offset,
  reason: 'schema',
  error: 'not an object',
  attempts: 1,
  time: 1000,
  instance: 'ingest-1',
  dlq: { topic: `${topic}.dlq`, partition: 0, offset },
  key: Buffer.from('a:b'),
  value: Buffer.from([0, 255]),
  headers: [{ name: 'x', value: Buffer.from([254]) }],
  ...given,
});
const message: Message = {
  messageId: randomUUID(),
  fromUser: 'a',
  toUser: 'b',
  content: 'c',
  timestamp: 1,
  lamport: 2,
};
const entry = (what: TrailEntry['what'], who = 'dora'): TrailEntry => ({ at: 5, who, what });
const find = (offset: number) => reader.find({ topic, partition: 1, offset }, 10_000);
const pageOf = (given: { after?: LetterCursor; limit?: number; reason?: 'schema' | 'unreadable' } = {}) =>
  reader.page({
    dlqTopic: `${topic}.dlq`,
    states: ['waiting'],
    reason: undefined,
    after: undefined,
    limit: 50,
    withinMs: 10_000,
    ...given,
  });

test('what is listed is found as it was, byte for byte, also without key and value', async () => {
  const nothing = failed(2, { key: null, value: null, headers: [] });
  await writer.list([failed(1), nothing]);
  const listing = { state: 'waiting', trail: [] };
  expect(await find(1)).toMatchObject({ ...failed(1), ...listing, valueBytes: 2 });
  expect(await find(2)).toMatchObject({ ...nothing, ...listing, valueBytes: 0 });
  expect(await find(3)).toBeNull();
});

test('what is listed twice is there once, and a second listing takes back nothing that was done', async () => {
  await writer.list([failed(1), failed(1, { dlq: { topic: `${topic}.dlq`, partition: 0, offset: 9 } })]);
  await writer.discard(failed(1), entry('discard'));
  await writer.list([failed(1), failed(2)]);
  expect(await find(1)).toMatchObject({ state: 'discarded', dlq: { offset: 1 }, trail: [entry('discard')] });
  expect(await pageOf()).toMatchObject([{ offset: 2 }]);
});

test('many who list the same at once list it once, and none fails', async () => {
  const batch = Array.from({ length: 50 }, (_, offset) => failed(offset));
  await Promise.all(Array.from({ length: 8 }, () => writer.list(batch)));
  expect(await pageOf({ limit: 500 })).toHaveLength(50);
});

test('a record too large for a document is listed with its true length and its first 8 MiB', async () => {
  const value = Buffer.alloc(20 * 1024 * 1024, 7);
  const header = { name: 'h', value: Buffer.alloc(20 * 1024 * 1024) };
  const many = Array.from({ length: 100_000 }, () => ({ name: '', value: Buffer.alloc(0) }));
  await writer.list([failed(1, { value, key: value, headers: [header, ...many] })]);
  const found = await find(1);
  expect(found?.valueBytes).toBe(value.length);
  expect(found?.value?.equals(value.subarray(0, 8 * 1024 * 1024))).toBe(true);
});

test('pages go from the newest to the oldest, without skip or repeat where many have one time', async () => {
  const batch = Array.from({ length: 23 }, (_, offset) => failed(offset, { time: 1000 + Math.floor(offset / 8) }));
  await writer.list(batch);
  const seen: number[] = [];
  for (let after: LetterCursor | undefined; ;) {
    const page = await pageOf({ limit: 4, after });
    seen.push(...page.map(({ offset }) => offset));
    const last = page.at(-1);
    if (!last) break;
    after = [last.time, last.dlq.partition, last.dlq.offset];
  }
  expect(seen).toEqual(batch.map(({ offset }) => offset).toReversed());
});

test('a page holds one reason, and only what waits', async () => {
  await writer.list([failed(1), failed(2, { reason: 'unreadable' }), failed(3, { reason: 'unreadable' })]);
  await writer.discard(failed(3), entry('discard'));
  expect(await pageOf({ reason: 'unreadable' })).toMatchObject([{ offset: 2, reason: 'unreadable' }]);
  expect(await pageOf()).toMatchObject([{ offset: 2 }, { offset: 1 }]);
});

test('a list of letters holds nothing of what their records held', async () => {
  await writer.list([failed(1)]);
  const [summary] = await pageOf();
  for (const field of ['key', 'value', 'headers', 'trail', 'replay']) expect(summary).not.toHaveProperty(field);
});

test('of many who claim or discard a letter at once one succeeds', async () => {
  await writer.list([failed(1)]);
  const attempts = Array.from({ length: 10 }, (_, index) =>
    index % 2 === 0
      ? writer.claim(failed(1), { message: { ...message, content: `${index}` }, mended: true }, entry('replay'))
      : writer.discard(failed(1), entry('discard')),
  );
  const won = (await Promise.all(attempts)).filter((result) => result !== null);
  expect(won).toHaveLength(1);
  expect(await find(1)).toMatchObject({ state: won[0]!.state, trail: [won[0]!.trail[0]] });
});

test('what is claimed is finished once, and then neither claimed nor discarded', async () => {
  await writer.list([failed(1)]);
  expect(await writer.complete(failed(1), { partition: 1, offset: 7 }, entry('replayed'))).toBeNull();
  await writer.claim(failed(1), { message, mended: false }, entry('replay'));
  const position = { partition: 1, offset: 7 };
  expect(await writer.complete(failed(1), position, entry('replayed'))).toMatchObject({
    state: 'replayed',
    replay: { message, mended: false, position },
    trail: [entry('replay'), entry('replayed')],
  });
  expect(await writer.complete(failed(1), { partition: 1, offset: 8 }, entry('replayed'))).toBeNull();
  expect(await writer.claim(failed(1), { message, mended: false }, entry('replay'))).toBeNull();
  expect(await writer.discard(failed(1), entry('discard'))).toBeNull();
});

test('with MongoDB away nothing counts as listed or as not there', async () => {
  const mongo = await FaultyMongo.start(testServers().mongoUri);
  const away = storeAt(mongo.uri);
  await away.open();
  try {
    mongo.findFault = () => 'cut';
    await expect(away.deadLetterReader().find(failed(1), 1000)).rejects.toThrow(StoreUnavailableError);
    await mongo.close();
    await expect(away.deadLetterWriter().list([failed(1)])).rejects.toThrow(StoreUnavailableError);
  } finally {
    await away.close();
    await mongo.close().catch(() => undefined);
  }
  expect(await pageOf()).toEqual([]);
});

test('what is listed is what the schema describes, and the indexes are the schema’s', async () => {
  await writer.list([failed(1)]);
  await writer.claim(failed(1), { message, mended: true }, entry('replay'));
  const collection = client.db(database).collection('dead_letters');
  const document = await collection.findOne({ topic });
  // `strict: throw` refuses a field that the schema does not have.
  await expect(new (mongoose.model('ListedLetter', DeadLetterSchema))(document).validate()).resolves.toBeUndefined();
  const named = DeadLetterSchema.indexes().map(([key, options]) => ({ key, name: options['name'] as string }));
  const indexes = (await collection.indexes()).map(({ key, name }) => ({ key, name }));
  expect(indexes).toEqual([{ key: { _id: 1 }, name: '_id_' }, ...named]);
});
