import { randomUUID } from 'node:crypto';
import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { FaultyMongo, testServers, type CommandFault } from '@wiber/harness';
import type { PageRead } from './message.page.ts';
import { MessageStore } from './message.store.ts';
import { StoreUnavailableError } from './mongo.errors.ts';

let mongo: FaultyMongo;
let store: MessageStore;
/** For what takes a busy machine longer than the other lets a server that hangs have. */
let patient: MessageStore;
const messages = Array.from({ length: 5 }, (_, index): Message => {
  const messageId = randomUUID();
  return {
    messageId,
    fromUser: 'ann',
    toUser: 'ben',
    content: `"${index}" ✓`,
    timestamp: 1000 + index,
    lamport: index,
  };
});

beforeAll(async () => {
  mongo = await FaultyMongo.start(testServers().mongoUri);
  const database = `wiber-${randomUUID().slice(0, 8)}`;
  const settings = { uri: mongo.uri, database, collection: 'messages', serverSelectionMs: 2000, appName: 'spec' };
  store = new MessageStore({ ...settings, answerMs: 1000 });
  patient = new MessageStore(settings);
  await Promise.all([store.open(), patient.open()]);
  await store.store(messages.map((message, offset) => toStored(message, { partition: 3, offset }, 1)));
});

afterEach(() => {
  mongo.findFault = () => 'pass';
});

afterAll(async () => {
  await store.messages.drop();
  await Promise.all([store.close(), patient.close()]);
  await mongo.close();
});

const page = (over: Partial<PageRead> = {}, from = store) =>
  from.readPage({
    filter: { conversationId: 'ann:ben' },
    sort: { partition: 1, offset: 1 },
    hint: 'conversation_by_log',
    skip: 0,
    limit: 50,
    reverse: false,
    maxTimeMS: 1000,
    ...over,
  });

/** The first answers fail so, and what is asked later passes; tells how often it was asked. */
const failing = (...faults: CommandFault[]): { asked: number } => {
  const seen = { asked: 0 };
  mongo.findFault = () => faults[seen.asked++] ?? 'pass';
  return seen;
};

test('a page is the JSON of its messages in the order asked for, with its ends for the cursors', async () => {
  const { json, count, first, last, lamport } = await page();
  expect(JSON.parse(json.toString())).toEqual(messages);
  expect({ count, lamport }).toEqual({ count: 5, lamport: 4 });
  expect([first?.offset, last?.offset]).toEqual([0, 4]);
});

test('skip, limit, order and reverse are the page’s', async () => {
  const { json } = await page({ sort: { partition: -1, offset: -1 }, skip: 1, limit: 2, reverse: true });
  expect(JSON.parse(json.toString())).toEqual(messages.slice(2, 4));
});

test('a page of 500 messages of the largest content comes whole', async () => {
  const content = '\u{1f600}'.repeat(5000);
  const many = Array.from({ length: 501 }, (_, offset): StoredMessage => {
    const message = { messageId: randomUUID(), fromUser: 'cat', toUser: 'dan', content, timestamp: 1, lamport: 1 };
    return toStored(message, { partition: 4, offset }, 1);
  });
  await patient.store(many);
  const { json, count, last } = await page(
    { filter: { conversationId: 'cat:dan' }, limit: 500, maxTimeMS: 10_000 },
    patient,
  );
  expect(count).toBe(500);
  expect(last?.offset).toBe(499);
  const ids = (JSON.parse(json.toString()) as Message[]).map(({ messageId }) => messageId);
  expect(ids).toEqual(many.slice(0, 500).map(({ messageId }) => messageId));
});

test('a page of nothing is an empty list without ends', async () => {
  const none = await page({ filter: { conversationId: 'nobody:none' } });
  expect(none).toMatchObject({ count: 0, first: undefined, last: undefined, lamport: 0 });
  expect(none.json.toString()).toBe('[]');
});

test.each<[string, CommandFault]>([
  ['a connection that is cut', 'cut'],
  ['a primary that has stepped down', { ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary' }],
])('%s is read past once, and the page comes', async (_, fault) => {
  const seen = failing(fault);
  expect((await page()).count).toBe(5);
  expect(seen.asked).toBe(2);
});

test('a second failure in a row is store_unavailable', async () => {
  failing('cut', 'cut');
  await expect(page()).rejects.toThrow(StoreUnavailableError);
});

test('a read over its time is not asked again', async () => {
  const seen = failing({ ok: 0, code: 50, codeName: 'MaxTimeMSExpired', errmsg: 'operation exceeded time limit' });
  await expect(page()).rejects.toThrow(StoreUnavailableError);
  expect(seen.asked).toBe(1);
});
