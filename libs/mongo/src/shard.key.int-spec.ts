import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { toStored } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import type { ShardKey } from './connection/store.settings.ts';
import { documentOf } from './messages/message.document.ts';
import type { DeletedRepeats } from './repeated.messages.ts';
import { Store } from './store.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const db = client.db(database);
const stores: Store[] = [];

/** A store that was not opened yet, and what it has deleted. */
const storeOf = (collection: string, shardKey: ShardKey) => {
  const repeats: DeletedRepeats[] = [];
  const settings = { uri: testServers().mongoUri, database, collection, shardKey, serverSelectionMs: 10_000 };
  const store = Store.connect(
    { ...settings, appName: 'spec' },
    { onRepeatsDeleted: (deleted) => void repeats.push(deleted) },
  );
  stores.push(store);
  return { store, repeats };
};

afterAll(async () => {
  await db.dropDatabase();
  await Promise.all([client.close(), ...stores.map((store) => store.close())]);
});

interface Draft {
  offset: number;
  messageId?: string;
  toUser?: string;
  content?: string;
}

const messageAt = ({ offset, messageId = randomUUID(), toUser = 'ben', content = 'hi' }: Draft) =>
  toStored(
    { messageId, fromUser: 'ann', toUser, content, timestamp: 1, lamport: 1 },
    { partition: 0, offset },
    { storedAt: 1 },
  );

const indexesOf = async (collection: string): Promise<string[]> =>
  (await db.collection(collection).indexes()).map(({ name, unique }) => `${name}${unique ? ', unique' : ''}`).sort();

const BY_CONVERSATION = [
  '_id_',
  'conversation_by_lamport',
  'conversation_by_log',
  'conversation_by_time',
  'message_by_id',
  'message_once_in_conversation, unique',
];

test('every unique index of a store that is sharded by conversation begins with the shard key, so MongoDB can shard it', async () => {
  await storeOf('fresh', 'conversationId').store.open();
  expect(await indexesOf('fresh')).toEqual(BY_CONVERSATION);
  const unique = (await db.collection('fresh').indexes()).filter((index) => index.unique);
  expect(unique.map(({ key }) => Object.keys(key)[0])).toEqual(['conversationId']);
});

test('a store that was not sharded gets the indexes of a sharded one beside its own; without the old unique one it goes on', async () => {
  const before = storeOf('grown', 'none').store;
  await before.open();
  const first = messageAt({ offset: 1 });
  await before.messageWriter().store([first]);
  const { store } = storeOf('grown', 'conversationId');
  await store.open();
  expect(await indexesOf('grown')).toEqual([...BY_CONVERSATION, 'message_once, unique'].sort());
  await db.collection('grown').dropIndex('message_once');
  const second = messageAt({ offset: 2 });
  expect(await store.messageWriter().store([first, second])).toMatchObject({ stored: 1, alreadyStored: 1 });
  for (const { messageId } of [first, second])
    expect(await store.messageReader().byId(messageId, { withinMs: 5000 })).toMatchObject({ messageId });
});

test('of messages that were stored twice while the index was missing, the first in the log of each conversation stays', async () => {
  const [messageId, once] = [randomUUID(), randomUUID()];
  const documents = [
    messageAt({ offset: 3, messageId }),
    messageAt({ offset: 1, messageId }),
    messageAt({ offset: 2, messageId, toUser: 'carl' }),
    messageAt({ offset: 4, messageId: once }),
  ].map(documentOf);
  await db.collection<{ _id: object }>('repeated').insertMany(documents);
  const { store, repeats } = storeOf('repeated', 'conversationId');
  await store.open();
  expect(repeats).toEqual([{ deleted: 1, conflicts: [] }]);
  const left = await db.collection<{ _id: { offset: number } }>('repeated').find().sort({ _id: 1 }).toArray();
  expect(left.map(({ _id }) => _id.offset)).toEqual([1, 2, 4]);
});

test('apps of which one is set to another shard key share a store: each finds the messages of the other, and the stricter index decides', async () => {
  const [sharded, plain] = [storeOf('mixed', 'conversationId').store, storeOf('mixed', 'none').store];
  await sharded.open();
  await plain.open();
  expect(await indexesOf('mixed')).toEqual([...BY_CONVERSATION, 'message_once, unique'].sort());
  const one = messageAt({ offset: 1 });
  const elsewhere = messageAt({ offset: 2, messageId: one.messageId, toUser: 'carl' });
  await sharded.messageWriter().store([one]);
  expect(await plain.messageReader().byId(one.messageId, { withinMs: 5000 })).toMatchObject({ toUser: 'ben' });
  for (const { store } of [storeOf('mixed', 'conversationId'), storeOf('mixed', 'none')]) {
    await store.open();
    expect(await store.messageWriter().store([one, elsewhere])).toMatchObject({
      stored: 0,
      alreadyStored: 1,
      refused: [{ message: elsewhere, reason: 'idempotency_conflict' }],
    });
  }
});
