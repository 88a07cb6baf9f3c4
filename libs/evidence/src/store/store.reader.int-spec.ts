import mongoose, { type mongo } from 'mongoose';
import { DEFAULT_COLLECTION, conversationIdOf, toStored, type StoredMessage } from '@wiber/contracts';
import { freshSystem } from '@wiber/harness';
import { StoreReader } from './store.reader.ts';
import { BY_PLACE, encodeMessage, requireMessage, type StoredDocument } from './stored.document.ts';

let client: mongo.MongoClient;
let messages: mongo.Collection;
let store: StoreReader;

const storedOf = (index: number, offset = index): StoredMessage => {
  const messageId = `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
  const message = { messageId, fromUser: `user${index % 2}`, toUser: 'hub', content: `m${index}`, timestamp: index };
  return toStored({ ...message, lamport: index }, { partition: 0, offset }, 1000 + index);
};

beforeEach(async () => {
  const { MONGO_URI: uri = '', MONGO_DB: database = '' } = await freshSystem();
  client = await new mongoose.mongo.MongoClient(uri, { writeConcern: { w: 'majority' } }).connect();
  messages = client.db(database).collection(DEFAULT_COLLECTION);
  await messages.createIndex(BY_PLACE);
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
  await insert([...stored.toReversed(), storedOf(2000, 499), storedOf(2001, 499)]);
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
  await messages.deleteOne({ offset: 7 });
  await messages.createIndex({ messageId: 1 }, { unique: true });
  expect(await store.doubledIds(10)).toEqual([]);
});

test('without the index of places a reading says which index is missing', async () => {
  await messages.dropIndexes();
  await insert([storedOf(1)]);
  await expect(store.pages({ partition: 0, from: 0, to: 9 }).next()).rejects.toMatchObject({
    code: 'store_unusable',
    message: 'the collection has no index {partition, offset}; ingest makes it when it starts',
  });
});
