import { randomUUID } from 'node:crypto';
import { toStored, type Message } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import { MessageUnreadableError } from '../connection/mongo.errors.ts';
import { Store } from '../store.ts';
import { documentOf } from './message.document.ts';
import type { MessageReader } from './message.reader.ts';
import type { MessageCursor, MessageOrder, MessageSort } from './message.order.ts';
import type { UnreadableDocument } from './unreadable.documents.ts';

const { Binary, Decimal128, Long, ObjectId } = mongoose.mongo.BSON;
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const USERS = ['ann', 'ben'] as const;
const SECRET = 'a-secret-of-ann';
const withinMs = 5000;

let store: Store;
let reader: MessageReader;
const reported: UnreadableDocument[] = [];
const messages = Array.from({ length: 6 }, (_, index): Message => {
  const [fromUser, toUser] = USERS;
  return {
    messageId: randomUUID(),
    fromUser,
    toUser,
    content: `m${index}`,
    timestamp: 1000 + index * 10,
    lamport: index,
  };
});
const stored = (message: Message, offset: number) =>
  documentOf(toStored(message, { partition: 0, offset }, { storedAt: 1 }));

/** Each is near the messages in both sorts, or at an end of one. */
const oddOf = (index: number): object => {
  const whole = stored(
    { ...messages[0]!, messageId: randomUUID(), timestamp: 1005 + index * 10, content: SECRET },
    100 + index,
  );
  const changes: object[] = [
    { timestamp: new Date(5) },
    { content: null },
    { lamport: Decimal128.fromString('5') },
    { timestamp: Decimal128.fromString('1012') },
    { timestamp: null },
    { messageId: randomUUID() },
    { fromUser: 7 },
    { _id: new ObjectId(), content: null },
    { timestamp: 1021.5 },
    { _id: { partition: 0 }, content: null },
    { other: /x/ },
    { timestamp: -5, lamport: -5 },
    { timestamp: 1e300, lamport: Infinity },
    { timestamp: Long.MAX_VALUE, lamport: Long.MAX_VALUE },
    { lamport: 2.5 },
    { timestamp: 1020, lamport: 2, messageId: new Binary(Buffer.alloc(20, 0xff), Binary.SUBTYPE_UUID) },
    { timestamp: 1020, lamport: 2, messageId: new Binary(Buffer.alloc(4), Binary.SUBTYPE_UUID) },
    { _id: { partition: 0, offset: -7 }, content: null },
    { _id: { partition: 0, offset: 2.5 }, content: null },
    { _id: { partition: 0, offset: 1e300 }, content: null },
    { _id: { partition: -0.5, offset: 1 }, content: null },
    { _id: { partition: 0.5, offset: 1 }, content: null },
    { _id: { partition: 1e300, offset: 1 }, content: null },
  ];
  return { ...whole, ...changes[index] };
};
const ODD = 23;

beforeAll(async () => {
  const settings = {
    uri: testServers().mongoUri,
    database,
    collection: 'messages',
    serverSelectionMs: 5000,
    appName: 'spec',
  };
  store = Store.connect(settings, { onUnreadable: (document) => void reported.push(document) });
  await store.open();
  reader = store.messageReader();
  await store
    .messageWriter()
    .store(messages.map((message, offset) => toStored(message, { partition: 0, offset }, { storedAt: 1 })));
  const odd = Array.from({ length: ODD }, (_, index) => oddOf(index));
  await client
    .db(database)
    .collection('messages')
    .insertMany(odd as never[]);
});

afterAll(async () => {
  await client.db(database).dropDatabase();
  await Promise.all([store.close(), client.close()]);
});

/** Every page from the first one on, by the cursors behind each. */
const walk = async (
  read: (after: MessageCursor | undefined) => ReturnType<MessageReader['conversationPage']>,
  limit: number,
): Promise<Message[]> => {
  const seen: Message[] = [];
  let after: MessageCursor | undefined;
  for (let pages = 0; pages < 40; pages += 1) {
    const page = await read(after);
    seen.push(...(JSON.parse(page.json.toString()) as Message[]));
    if (page.count < limit) return seen;
    after = page.last;
  }
  throw new Error('the walk does not end');
};

/** The same from behind the last message, by the cursors before each page. */
const walkBack = async (query: Parameters<MessageReader['conversationPage']>[1]): Promise<Message[]> => {
  const offset = query.order === 'asc' ? messages.length - 1 : 0;
  const last = messages[offset]!;
  const seen: Message[] = [last];
  let before: MessageCursor = query.sort === 'log' ? [0, offset] : [last[query.sort], last.messageId];
  for (let pages = 0; pages < 40; pages += 1) {
    const page = await reader.conversationPage(USERS, { ...query, before });
    seen.unshift(...(JSON.parse(page.json.toString()) as Message[]));
    if (page.first === undefined) return seen;
    before = page.first;
  }
  throw new Error('the walk does not end');
};

const cases = (['timestamp', 'lamport', 'log'] as const).flatMap((sort) =>
  (['asc', 'desc'] as const).flatMap((order) =>
    [1, 2, 3, 50].map((limit): [MessageSort, MessageOrder, number] => [sort, order, limit]),
  ),
);

test.each(cases)(
  'a walk by %s, %s, %i a page, and one back, end and show every message once, whatever lies between them',
  async (sort, order, limit) => {
    const query = { sort, order, limit, skip: 0, withinMs };
    const seen = await walk((after) => reader.conversationPage(USERS, { ...query, after }), limit);
    expect(seen).toEqual(order === 'asc' ? messages : messages.toReversed());
    expect(await walkBack(query)).toEqual(seen);
  },
);

test.each(['asc', 'desc'] as const)("a walk over a user's messages, %s, shows every one once", async (order) => {
  for (const limit of [1, 2, 50]) {
    const seen = await walk((after) => reader.userPage('ann', { order, limit, skip: 0, after, withinMs }), limit);
    expect(seen).toEqual(order === 'asc' ? messages : messages.toReversed());
  }
});

test('what is left out is counted at each read and reported once, by its id and without its content', async () => {
  const { unreadableReads: before } = store;
  await reader.conversationPage(USERS, { sort: 'log', order: 'asc', limit: 50, skip: 0, withinMs });
  expect(store.unreadableReads - before).toBe(ODD);
  const ids = reported.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('{"partition":0,"offset":100}');
  expect(JSON.stringify(reported)).not.toContain(SECRET);
});

test('a document under an id that is no message is refused as unreadable, and says why', async () => {
  const messageId = randomUUID();
  const broken = { ...stored({ ...messages[0]!, messageId, content: SECRET }, 900), timestamp: new Date(5) };
  await client
    .db(database)
    .collection('messages')
    .insertOne(broken as never);
  const found = await reader.byId(messageId, { withinMs }).catch((error: unknown) => error);
  expect(found).toBeInstanceOf(MessageUnreadableError);
  expect((found as Error).message).toMatch(/timestamp is no whole number/);
  expect((found as Error).message).not.toContain(SECRET);
});

test('the clock of a gateway starts from the messages, not from what is no message', async () => {
  const documents = client.db(database).collection('messages');
  const last = stored({ ...messages[0]!, messageId: randomUUID(), lamport: 77 }, 10_000);
  const odd = { ...stored({ ...messages[0]!, messageId: randomUUID() }, 0), lamport: new Date(9e12) };
  await documents.insertMany([last, { ...odd, _id: { partition: 9, offset: 1 } }] as never[]);
  expect(await reader.lastLamport()).toBe(77);
});
