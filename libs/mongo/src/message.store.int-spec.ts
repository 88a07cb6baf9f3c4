import { randomUUID } from 'node:crypto';
import { toStored, type StoredMessage } from '@wiber/contracts';
import { FaultyMongo, eventually, testServers, type CommandFault } from '@wiber/harness';
import { MessageStore, POOL_SIZE } from './message.store.ts';
import { StoreUnavailableError } from './mongo.errors.ts';
import type { StoreSettings } from './store.settings.ts';

let mongo: FaultyMongo;
let settings: StoreSettings;
let store: MessageStore;
let offset = 0;

beforeAll(async () => {
  mongo = await FaultyMongo.start(testServers().mongoUri);
  settings = {
    uri: mongo.uri,
    database: `wiber-${randomUUID().slice(0, 8)}`,
    collection: 'messages',
    serverSelectionMs: 2000,
    answerMs: 1000,
    appName: 'spec',
  };
  store = new MessageStore(settings);
  await store.open();
});

afterEach(() => {
  mongo.fault = () => 'pass';
  mongo.deaf = false;
});

afterAll(async () => {
  await store.messages.drop();
  await store.close();
  await mongo.close();
});

const message = (content: string, messageId: string = randomUUID()): StoredMessage =>
  toStored(
    { messageId, fromUser: 'ann', toUser: 'ben', content, timestamp: 1, lamport: 1 },
    { partition: 0, offset: offset++ },
    2,
  );

const batchOf = (size: number): StoredMessage[] => Array.from({ length: size }, (_, index) => message(`m${index}`));
const countOf = (batch: StoredMessage[]): Promise<number> =>
  store.messages.countDocuments({ messageId: { $in: batch.map(({ messageId }) => messageId) } });

const refusal = (code: number, codeName: string): CommandFault => ({ ok: 0, code, codeName, errmsg: codeName });
const concernUnmet = { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out' };

test.each<[string, CommandFault]>([
  ['a connection cut before it was written', 'cut'],
  ['a connection cut after it was written', 'cut-after'],
  ['a server that never answers', 'hang'],
  ['NotWritablePrimary', refusal(10107, 'NotWritablePrimary')],
  ['PrimarySteppedDown', refusal(189, 'PrimarySteppedDown')],
  ['InterruptedDueToReplStateChange', refusal(11602, 'InterruptedDueToReplStateChange')],
  ['ExceededTimeLimit', refusal(262, 'ExceededTimeLimit')],
  ['MaxTimeMSExpired', refusal(50, 'MaxTimeMSExpired')],
  ['Unauthorized', refusal(13, 'Unauthorized')],
  ['WriteConcernFailed', { ok: 1, n: 3, writeConcernError: concernUnmet }],
  [
    'WriteConcernFailed beside duplicates',
    { ok: 1, n: 2, writeErrors: [{ index: 0, code: 11000, errmsg: 'E11000' }], writeConcernError: concernUnmet },
  ],
  ['one document refused for a reason unknown', { ok: 1, n: 2, writeErrors: [{ index: 1, code: 8, errmsg: 'x' }] }],
])('%s is unavailable and never taken for stored; the same batch again is stored once', async (_, fault) => {
  const batch = batchOf(3);
  mongo.fault = () => fault;
  await expect(store.store(batch)).rejects.toThrow(StoreUnavailableError);
  mongo.fault = () => 'pass';
  const { stored, alreadyStored, refused } = await eventually(() => store.store(batch));
  expect([stored + alreadyStored, refused]).toEqual([3, []]);
  expect(await countOf(batch)).toBe(3);
});

test('a connection that takes no more bytes does not hold up a write for ever: it is unavailable, and stored once by the next try', async () => {
  const content = 'x'.repeat(20_000);
  const batch = Array.from({ length: 600 }, () => message(content));
  mongo.deaf = true;
  await expect(store.store(batch)).rejects.toThrow(StoreUnavailableError);
  mongo.deaf = false;
  const { stored, alreadyStored } = await eventually(() => store.store(batch));
  expect(stored + alreadyStored).toBe(600);
  expect(await countOf(batch)).toBe(600);
});

/** The driver's own of each client: one for the server's state and one for its round trip. */
const WATCHING = 2;
/** As MongoDB counts them, once each has said whose it is. */
const connectionsOf = async (appName: string): Promise<number> => {
  const open = [{ $currentOp: { allUsers: true, idleConnections: true } }, { $match: { appName } }];
  return (await store.db.client.db('admin').aggregate(open).toArray()).length;
};

test('a write that was given up gives its connection back: as many of them as the pool has do not stop the next', async () => {
  const appName = `full-${randomUUID()}`;
  const full = new MessageStore({ ...settings, appName, uri: `${mongo.uri}&minPoolSize=${POOL_SIZE}` });
  await full.open();
  await eventually(async () => expect(await connectionsOf(appName)).toBeGreaterThanOrEqual(POOL_SIZE + WATCHING));
  const batch = Array.from({ length: 600 }, () => message('x'.repeat(20_000)));
  mongo.deaf = true;
  const tries = Array.from({ length: POOL_SIZE }, () => full.store(batch).catch((error: unknown) => error));
  expect(await Promise.all(tries)).toEqual(tries.map(() => expect.any(StoreUnavailableError)));
  mongo.deaf = false;
  const small = batchOf(3);
  await eventually(() => full.store(small));
  expect(await countOf(small)).toBe(3);
  await full.close();
});

test('of duplicates the same body is already stored, another body is a conflict, and the rest of the batch is stored', async () => {
  const [first, second] = batchOf(2) as [StoredMessage, StoredMessage];
  await store.store([first, second]);
  const again = message(first.content, first.messageId);
  const other = message('another body', second.messageId);
  const fresh = message('fresh');
  const result = await store.store([again, other, fresh]);
  expect(result).toMatchObject({ stored: 1, alreadyStored: 1 });
  expect(result.refused).toEqual([
    { message: other, reason: 'idempotency_conflict', detail: expect.stringContaining(second.messageId) },
  ]);
  expect(await store.messages.findOne({ messageId: second.messageId })).toMatchObject(second);
});

test('one id twice in one batch is stored once, and the index says which body was first', async () => {
  const known = message('known');
  await store.store([known]);
  const batch = [message('other', known.messageId), message('known', known.messageId), message('new')];
  const result = await store.store([...batch, message('new', batch[2]!.messageId)]);
  expect(result).toMatchObject({ stored: 1, alreadyStored: 2 });
  expect(result.refused.map(({ message: refused }) => refused)).toEqual([batch[0]]);
});

test('a duplicate of an index that is not ours is refused for that record, not tried for ever', async () => {
  await store.messages.createIndex(
    { storedAt: 1 },
    { unique: true, name: 'planted', partialFilterExpression: { storedAt: 77 } },
  );
  const [first, second] = batchOf(2).map((one) => ({ ...one, storedAt: 77 })) as [StoredMessage, StoredMessage];
  const result = await store.store([first, second]);
  await store.messages.dropIndex('planted');
  expect(result).toMatchObject({ stored: 1, refused: [{ message: second, reason: 'refused_by_store' }] });
});

test('what fails on this side of the wire is a bug, not MongoDB being away, and leaves the rest unwritten to be tried', async () => {
  const [good, bad] = batchOf(2) as [StoredMessage, StoredMessage];
  const planted = () => {
    throw new TypeError('planted');
  };
  const unwritable = { ...bad, content: { toBSON: planted } as unknown as string };
  await expect(store.store([good, unwritable])).rejects.toThrow(new TypeError('planted'));
  expect(await store.store([good])).toMatchObject({ refused: [] });
  expect(await countOf([good, bad])).toBe(1);
});
