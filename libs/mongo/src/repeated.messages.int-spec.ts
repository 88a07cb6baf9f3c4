import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { toStored } from '@wiber/contracts';
import { eventually, testServers } from '@wiber/harness';
import { RepeatsDifferError } from './connection/mongo.errors.ts';
import { documentOf } from './messages/message.document.ts';
import type { DeletedRepeats } from './repeated.messages.ts';
import { Store } from './store.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const db = client.db(database);
const stores: Store[] = [];

/** A store that was not opened yet, and what it has deleted. */
const storeOf = (collection: string) => {
  const repeats: DeletedRepeats[] = [];
  const failures: unknown[] = [];
  const store = Store.connect(
    { uri: testServers().mongoUri, database, collection, serverSelectionMs: 10_000, appName: 'spec' },
    {
      onRepeatsDeleted: (deleted) => void repeats.push(deleted),
      onIndexesFailed: (error) => void failures.push(error),
    },
  );
  stores.push(store);
  return { store, repeats, failures };
};

afterAll(async () => {
  await db.dropDatabase();
  await Promise.all([client.close(), ...stores.map((store) => store.close())]);
});

const messageAt = (offset: number, { messageId = randomUUID() as string, content = 'hi' } = {}) =>
  toStored(
    { messageId, fromUser: 'ann', toUser: 'ben', content, timestamp: 1, lamport: 1 },
    { partition: 0, offset },
    { storedAt: 1 },
  );

/** As MongoDB has it after a drop, once ingest has stored more: documents, and no index. */
const insert = async (collection: string, messages: ReturnType<typeof messageAt>[]): Promise<void> => {
  await db.collection<{ _id: object }>(collection).insertMany(messages.map(documentOf));
};

const offsetsOf = async (collection: string): Promise<number[]> => {
  const found = await db.collection<{ _id: { offset: number } }>(collection).find().toArray();
  return found.map(({ _id }) => _id.offset).toSorted((a, b) => a - b);
};

const hasUniqueIndex = async (collection: string): Promise<boolean> =>
  (await db.collection(collection).indexes()).some(({ name, unique }) => name === 'message_once' && unique);

test('an app that starts after a drop and before anybody noticed it makes the index: of each message that was stored more than once the first in the log stays', async () => {
  const { store, repeats } = storeOf('restarted');
  const [messageId, other] = [randomUUID(), randomUUID()];
  await insert('restarted', [
    ...[11, 9, 10].map((offset) => messageAt(offset, { messageId })),
    messageAt(12),
    ...[14, 13].map((offset) => messageAt(offset, { messageId: other })),
  ]);
  await store.open();
  expect(repeats).toEqual([{ deleted: 3, conflicts: [] }]);
  expect(await offsetsOf('restarted')).toEqual([9, 12, 13]);
  expect(await hasUniqueIndex('restarted')).toBe(true);
});

test('three apps that start at once delete no message for good', async () => {
  const messageId = randomUUID();
  await insert(
    'at-once',
    [11, 9, 10].map((offset) => messageAt(offset, { messageId })),
  );
  await Promise.all([1, 2, 3].map(() => storeOf('at-once').store.open()));
  expect(await offsetsOf('at-once')).toEqual([9]);
});

test('a start deletes nothing when two messages with one id have different bodies: one line names their places and what to do', async () => {
  const { store, repeats } = storeOf('differing');
  const [messageId, conflict] = [randomUUID(), randomUUID()];
  await insert('differing', [
    ...[1, 2].map((offset) => messageAt(offset, { messageId })),
    messageAt(4, { messageId: conflict, content: 'second' }),
    messageAt(3, { messageId: conflict, content: 'first' }),
  ]);
  const refused = store.open();
  await expect(refused).rejects.toThrow(RepeatsDifferError);
  await expect(refused).rejects.toThrow(
    /^wiber-\w+\.differing holds messages with one id .*: 0\/3 and 0\/4 \(partition\/offset\) .*; delete all but one .*MONGO_COLLECTION=NAME$/,
  );
  expect(repeats).toEqual([]);
  expect(await offsetsOf('differing')).toEqual([1, 2, 3, 4]);
});

test('a start deletes no document that is no message, though its id is there twice', async () => {
  const { store, repeats } = storeOf('foreign');
  const { messageId } = documentOf(messageAt(1));
  const foreign = db.collection<{ messageId: unknown }>('foreign');
  await foreign.insertMany([{ messageId }, { messageId }]);
  await expect(store.open()).rejects.toThrow(`the indexes of ${database}.foreign can't be made: `);
  expect(repeats).toEqual([]);
  expect(await foreign.countDocuments()).toBe(2);
});

test('a unique index that was dropped is made again although a message was stored twice meanwhile', async () => {
  const { store, repeats, failures } = storeOf('unindexed');
  await store.open();
  const messageId = randomUUID();
  await db.collection('unindexed').dropIndex('message_once');
  await insert('unindexed', [messageAt(2, { messageId }), messageAt(1, { messageId })]);
  await store.messageWriter().store([messageAt(3)]);
  // An index is listed from the begin of its build, also when that fails.
  await eventually(async () => expect(repeats).toEqual([{ deleted: 1, conflicts: [] }]));
  await eventually(async () => expect(await hasUniqueIndex('unindexed')).toBe(true));
  expect(failures).toEqual([]);
  expect(await offsetsOf('unindexed')).toEqual([1, 3]);
});
