import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { toStored, type Message } from '@wiber/contracts';
import { eventually, testServers } from '@wiber/harness';
import { renewIndexes, spareIndexOf } from './index.renewal.ts';
import { documentOf } from './messages/message.document.ts';
import type { MessageDocument } from './messages/message.schema.ts';
import type { MultikeyIndex } from './multikey.indexes.ts';
import { MESSAGE_INDEXES, renewedOf } from './message.indexes.ts';
import { Store } from './store.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const db = client.db(database);
const stores: Store[] = [];
const RENEWED_INDEXES = renewedOf(MESSAGE_INDEXES);
const INDEX = 'conversation_by_time';
const SPARE = spareIndexOf(RENEWED_INDEXES.find(({ name }) => name === INDEX)!);
const USERS = ['ann', 'ben'] as const;
const MESSAGES = [1, 2, 3].map((timestamp): Message => {
  const [fromUser, toUser] = USERS;
  return { messageId: randomUUID(), fromUser, toUser, content: `hi ${timestamp}`, timestamp, lamport: 1 };
});

/** A store that was not opened yet, and what it says of its indexes. */
const storeOf = (collection: string) => {
  const slow: MultikeyIndex[] = [];
  const renewed: string[] = [];
  const lost: string[] = [];
  const failures: unknown[] = [];
  const store = Store.connect(
    { uri: testServers().mongoUri, database, collection, serverSelectionMs: 10_000, appName: 'spec' },
    {
      onMultikey: (index) => void slow.push(index),
      onIndexRenewed: (index) => void renewed.push(index),
      onIndexesLost: (names) => void lost.push(...names),
      onIndexesFailed: (error) => void failures.push(error),
    },
  );
  stores.push(store);
  return { store, slow, renewed, lost, failures };
};

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await db.dropDatabase();
  await client.close();
});

/** A store that was opened once, with three messages and a document that has an array for a time. */
const spoiled = async (collection: string) => {
  await storeOf(collection).store.open();
  const messages = db.collection<{ _id: object; timestamp?: unknown }>(collection);
  await messages.insertMany(
    MESSAGES.map((message, offset) => documentOf(toStored(message, { partition: 0, offset }, { storedAt: 1 }))),
  );
  const { insertedId } = await messages.insertOne({ _id: { foreign: collection }, timestamp: [1, 2] });
  return { messages, mend: () => messages.deleteOne({ _id: insertedId }), documentId: insertedId };
};

const indexesOf = async (collection: string): Promise<string[]> =>
  (await db.collection(collection).indexes()).map(({ name = '' }) => name).toSorted();

const MADE = ['_id_', ...MESSAGE_INDEXES.map(({ name = '' }) => name)].toSorted();

const isMultikey = async (collection: string): Promise<unknown> => {
  const plan = await db.collection(collection).find({ conversationId: '' }).hint(INDEX).explain('queryPlanner');
  return JSON.stringify(plan).includes('"isMultiKey":true');
};

const pageOf = async (store: Store): Promise<unknown> => {
  const query = { sort: 'timestamp', order: 'asc', skip: 0, limit: 50, withinMs: 2000 } as const;
  const { json } = await store.messageReader().conversationPage(USERS, query);
  return JSON.parse(json.toString());
};

test('a start of ingest names the document that makes an index slow; once it is deleted, the next start builds the index anew', async () => {
  const collection = 'renewed';
  const { mend, documentId } = await spoiled(collection);
  const first = storeOf(collection);
  first.store.messageWriter();
  await first.store.open();
  await eventually(() => expect(first.slow).toEqual([{ index: INDEX, fields: ['timestamp'], documentId }]));
  expect(first.renewed).toEqual([]);

  await mend();
  const second = storeOf(collection);
  second.store.messageWriter();
  await second.store.open();
  await eventually(() => expect(second.renewed).toEqual([INDEX]));
  await eventually(async () => expect(await indexesOf(collection)).toEqual(MADE));
  expect(await isMultikey(collection)).toBe(false);
  expect([second.slow, second.lost, second.failures]).toEqual([[], [], []]);
});

test('reads go on while an index is built anew, at every process, and it is not said to be lost', async () => {
  const collection = 'meanwhile';
  const { messages, mend } = await spoiled(collection);
  await mend();
  const reader = storeOf(collection);
  await reader.store.open();
  await messages.createIndexes([SPARE]);
  await messages.dropIndex(INDEX);
  expect(await pageOf(reader.store)).toEqual(MESSAGES);
  const options = { timestamp: 1, exceptPartition: undefined, except: MESSAGES[0]!.messageId, withinMs: 2000 };
  expect(await reader.store.messageReader().laterInTime(USERS, options)).toMatchObject({ fromUser: 'ann' });
  const page = await reader.store.messageReader().userPage('ann', { order: 'asc', skip: 0, limit: 50, withinMs: 2000 });
  expect(page.count).toBe(0);
  expect([reader.lost, reader.failures]).toEqual([[], []]);
});

test('what a start left half built, the next one ends; several that start at once end it once', async () => {
  const collection = 'half-built';
  const { messages, mend } = await spoiled(collection);
  await mend();
  await messages.createIndexes([SPARE]);
  const several = [1, 2, 3].map(() => storeOf(collection));
  await Promise.all(
    several.map(async ({ store }) => {
      store.messageWriter();
      await store.open();
    }),
  );
  await eventually(async () => {
    expect(several.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await indexesOf(collection)).toEqual(MADE);
  });
  expect(await isMultikey(collection)).toBe(false);
  expect(several.flatMap(({ renewed }) => renewed)).toEqual([INDEX]);
  expect(await pageOf(several[0]!.store)).toEqual(MESSAGES);
});

test('the spare index of a start that was killed behind the drop is dropped once the index is there', async () => {
  const collection = 'dropped';
  const { messages, mend } = await spoiled(collection);
  await mend();
  await messages.createIndexes([SPARE]);
  await messages.dropIndex(INDEX);
  const { store, lost } = storeOf(collection);
  store.messageWriter();
  await store.open();
  await eventually(async () => expect(await indexesOf(collection)).toEqual(MADE));
  expect(lost).toEqual([]);
});

/** Renews the indexes as a process does that has just got the lock. */
const renewed = async (collection: string, confirm: () => Promise<void>): Promise<void> => {
  const report = { onMultikey: () => undefined, onRenewed: () => undefined };
  const messages = db.collection<MessageDocument>(collection);
  await renewIndexes({ messages, indexes: RENEWED_INDEXES, ...report, confirm });
};

test('a spare index is dropped only once the index is there, also when the process that dropped it has lost its lock', async () => {
  const collection = 'lost-lock';
  const { messages, mend } = await spoiled(collection);
  await mend();
  await messages.createIndexes([SPARE]);
  await messages.dropIndex(INDEX);
  const beforeDrops: string[][] = [];
  await renewed(collection, async () => void beforeDrops.push(await indexesOf(collection)));
  expect(beforeDrops).toEqual([[...MADE, SPARE.name].toSorted()]);
  expect(await indexesOf(collection)).toEqual(MADE);
});

test('a process that has lost its lock drops no index', async () => {
  const collection = 'fenced';
  const { mend } = await spoiled(collection);
  await mend();
  const lost = new Error('the lock is lost');
  await expect(renewed(collection, () => Promise.reject(lost))).rejects.toBe(lost);
  expect(await indexesOf(collection)).toEqual([...MADE, SPARE.name].toSorted());
});
