import mongoose, { type mongo } from 'mongoose';
import { DEFAULT_COLLECTION, conversationIdOf, toStored, type StoredMessage } from '@wiber/contracts';
import { freshSystem } from '@wiber/harness';
import { activityCollectionOf, activityKeyOf } from './activity.format.ts';
import { StoreReader } from './store.reader.ts';
import { encodeMessage, requireMessage, type StoredDocument } from './stored.document.ts';

let uri: string;
let client: mongo.MongoClient;
let messages: mongo.Collection;
let store: StoreReader;

const storedOf = (index: number, offset = index): StoredMessage => {
  const messageId = `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
  const message = { messageId, fromUser: `user${index % 2}`, toUser: 'hub', content: `m${index}`, timestamp: index };
  return toStored({ ...message, lamport: index }, { partition: 0, offset }, { storedAt: 1000 + index });
};

beforeEach(async () => {
  const { MONGO_URI = '', MONGO_DB: database = '' } = await freshSystem();
  uri = MONGO_URI;
  client = await new mongoose.mongo.MongoClient(uri, { writeConcern: { w: 'majority' } }).connect();
  messages = client.db(database).collection(DEFAULT_COLLECTION);
  store = await StoreReader.open(uri, { database, collection: DEFAULT_COLLECTION });
});

afterEach(async () => {
  await store.close();
  await client.close();
});

const insert = (stored: StoredMessage[]): Promise<unknown> => messages.insertMany(stored.map(encodeMessage));
const contentsOf = (documents: StoredDocument[]): string[] => documents.map((found) => requireMessage(found).content);

test('the pages of a range hold each document once, in log order, with the documents of one offset on one page', async () => {
  const stored = Array.from({ length: 1300 }, (_, index) => storedOf(index));
  await insert(stored.toReversed());
  // A topic that was made anew: other messages have the same place.
  for (const again of [1, 2]) {
    const { _id, ...rest } = encodeMessage(storedOf(2000 + again, 499)) as { _id: object };
    await messages.insertOne({ _id: { ..._id, again }, ...rest } as never);
  }
  const pages = store.pages({ partition: 0, from: 10, to: 1290 });
  const offsets: number[][] = [];
  for (let page = await pages.next(); page.length > 0; page = await pages.next())
    offsets.push(page.map((found) => requireMessage(found).offset));
  const expected = [...stored.map(({ offset }) => offset), 499, 499].sort((a, b) => a - b);
  expect(offsets.flat()).toEqual(expected.filter((offset) => offset >= 10 && offset < 1290));
  expect(offsets.filter((page) => page.includes(499))).toHaveLength(1);
});

test('a conversation, a set of ids and the whole collection are read', async () => {
  await insert(Array.from({ length: 10 }, (_, index) => storedOf(index)));
  const read = async (documents: AsyncGenerator<StoredDocument>): Promise<string[]> => {
    const found: StoredDocument[] = [];
    for await (const document of documents) found.push(document);
    return contentsOf(found);
  };
  expect(await read(store.ofConversation(conversationIdOf('user1', 'hub')))).toEqual(['m1', 'm3', 'm5', 'm7', 'm9']);
  expect(await read(store.allInLogOrder())).toEqual(Array.from({ length: 10 }, (_, index) => `m${index}`));
  expect((await read(store.all())).toSorted()).toEqual((await read(store.allInLogOrder())).toSorted());
  const ids = [storedOf(4).messageId, storedOf(99).messageId];
  expect(contentsOf(await store.withIds(ids))).toEqual(['m4']);
  expect(await store.storedSpanMs()).toBe(9);
  expect(await store.estimatedCount()).toBe(10);
});

test('an empty collection holds nothing', async () => {
  expect(await store.holdsAny()).toBe(false);
  await insert([storedOf(1)]);
  expect(await store.holdsAny()).toBe(true);
  expect(await store.holdsAny(conversationIdOf('user1', 'hub'))).toBe(true);
  expect(await store.holdsAny(conversationIdOf('user2', 'hub'))).toBe(false);
});

test('two documents with one id are found, and a unique index spares the search', async () => {
  const again = { ...storedOf(3), offset: 7 };
  await insert([storedOf(1), storedOf(3), again]);
  const { messageId } = again;
  expect(await store.doubledIds(10)).toEqual([{ messageId, partition: 0, offset: 7, other: '[0]@3' }]);
  await messages.deleteOne({ '_id.offset': 7 });
  await messages.createIndex({ messageId: 1 }, { unique: true });
  expect(await store.doubledIds(10)).toEqual([]);
});

test('a collection in the format of earlier versions is read as its messages', async () => {
  await messages.createIndex({ partition: 1, offset: 1 });
  const stored = Array.from({ length: 5 }, (_, index) => storedOf(index));
  await messages.insertMany(stored.toReversed().map((one) => ({ ...one, participants: [one.fromUser, one.toUser] })));
  const names = { database: messages.dbName, collection: DEFAULT_COLLECTION };
  const earlier = await StoreReader.open(uri, names);
  expect((await earlier.pages({ partition: 0, from: 1, to: 4 }).next()).map(requireMessage)).toMatchObject(
    stored.slice(1, 4),
  );
  expect((await earlier.withIds([stored[2]!.messageId])).map(requireMessage)).toMatchObject([stored[2]!]);
  await earlier.close();
});

test('of any keys of activity those that the index lacks are found; without an index all of them are', async () => {
  const message = storedOf(1);
  const keys = Array.from({ length: 1000 }, (_, index) => activityKeyOf(`user${index}`, message));
  expect((await store.missingActivity(keys)).toSorted()).toEqual(keys.toSorted());
  const index = client.db(messages.dbName).collection<{ _id: string }>(`${DEFAULT_COLLECTION}.activity`);
  await index.insertMany(keys.slice(2).map((_id) => ({ _id })));
  expect((await store.missingActivity(keys)).toSorted()).toEqual(keys.slice(0, 2));
  expect(keys[1]).toBe('user1:0000000000:hub:user1');
});

test('sizes are those of all that is stored, of each index and of the activity', async () => {
  await client.db(messages.dbName).createCollection(activityCollectionOf(DEFAULT_COLLECTION));
  await messages.createIndex({ conversationId: 1 }, { name: 'some_index' });
  await insert(Array.from({ length: 500 }, (_, index) => storedOf(index)));
  const { messages: count, data, indexes, activity } = await store.sizes();
  expect(count).toBe(500);
  expect(Object.keys(indexes).toSorted()).toEqual(['_id_', 'some_index']);
  for (const bytes of [data, activity, ...Object.values(indexes)]) expect(bytes).toBeGreaterThan(0);
});
