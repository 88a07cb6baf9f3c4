import { randomUUID } from 'node:crypto';
import { toStored } from '@wiber/contracts';
import { FaultyMongo, eventually, testServers, type CommandFault } from '@wiber/harness';
import { MessageStore } from './message.store.ts';
import { StoreUnavailableError } from './mongo.errors.ts';
import { READ_BREAKER, StoreBreaker, WRITE_BREAKER, isStoreAway } from './store.breaker.ts';

const READ_MS = 300;

let mongo: FaultyMongo;
let store: MessageStore;

beforeAll(async () => {
  mongo = await FaultyMongo.start(testServers().mongoUri);
  store = new MessageStore({
    uri: mongo.uri,
    database: `wiber-${randomUUID().slice(0, 8)}`,
    collection: 'messages',
    serverSelectionMs: 1000,
    answerMs: 1000,
    appName: 'spec',
  });
  await store.open();
});

afterEach(() => {
  mongo.fault = () => 'pass';
  mongo.findFault = () => 'pass';
});

afterAll(async () => {
  await store.messages.drop();
  await store.close();
  await mongo.close();
});

let offset = 0;
const batch = () => [
  toStored(
    { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 },
    { partition: 0, offset: offset++ },
    2,
  ),
];
const read = () => store.findById(randomUUID(), { maxTimeMS: READ_MS });
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );
const refusal = (code: number, codeName: string): CommandFault => ({ ok: 0, code, codeName, errmsg: codeName });
const concernUnmet = { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out' };

test.each<[string, boolean, CommandFault]>([
  ['a connection cut before it was written', true, 'cut'],
  ['a connection cut after it was written', true, 'cut-after'],
  ['a server that never answers', true, 'hang'],
  ['NotWritablePrimary', true, refusal(10107, 'NotWritablePrimary')],
  ['PrimarySteppedDown', true, refusal(189, 'PrimarySteppedDown')],
  ['InterruptedDueToReplStateChange', true, refusal(11602, 'InterruptedDueToReplStateChange')],
  ['MaxTimeMSExpired', false, refusal(50, 'MaxTimeMSExpired')],
  ['Unauthorized', false, refusal(13, 'Unauthorized')],
  ['WriteConcernFailed', false, { ok: 1, n: 1, writeConcernError: concernUnmet }],
  ['a document refused', false, { ok: 1, n: 0, writeErrors: [{ index: 0, code: 8, errmsg: 'x' }] }],
])('a write that fails by %s says that MongoDB is away: %s', async (_, away, fault) => {
  mongo.fault = () => fault;
  const error = await failureOf(store.store(batch()));
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(isStoreAway(error)).toBe(away);
});

test.each<[string, boolean, CommandFault]>([
  ['a connection cut', true, 'cut'],
  ['a server that never answers', true, 'hang'],
  ['NotPrimaryNoSecondaryOk', true, refusal(13435, 'NotPrimaryNoSecondaryOk')],
  ['MaxTimeMSExpired', false, refusal(50, 'MaxTimeMSExpired')],
  ['BadValue', false, refusal(2, 'BadValue')],
])('a read that fails by %s says that MongoDB is away: %s', async (_, away, fault) => {
  mongo.findFault = () => fault;
  const error = await failureOf(read());
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(isStoreAway(error)).toBe(away);
});

test('that no server can be reached says that MongoDB is away, to a read and to a write', async () => {
  const gone = await FaultyMongo.start(testServers().mongoUri);
  const database = `wiber-${randomUUID().slice(0, 8)}`;
  const lost = new MessageStore({
    uri: gone.uri,
    database,
    collection: 'messages',
    serverSelectionMs: 300,
    appName: 'spec',
  });
  await lost.open();
  await lost.messages.drop();
  await gone.close();
  const errors = [
    await failureOf(lost.findById(randomUUID(), { maxTimeMS: READ_MS })),
    await failureOf(lost.store(batch())),
  ];
  expect(errors.map((error) => [(error as Error).name, isStoreAway(error)])).toEqual([
    ['StoreUnavailableError', true],
    ['StoreUnavailableError', true],
  ]);
  // The second of each finds no server from its start.
  const again = [
    await failureOf(lost.findById(randomUUID(), { maxTimeMS: READ_MS })),
    await failureOf(lost.store(batch())),
  ];
  expect(again.map(isStoreAway)).toEqual([true, true]);
  await lost.close();
});

const readBreaker = () => new StoreBreaker({ name: 'mongodb-read', policy: READ_BREAKER, probe: read });

test('reads that hang open it; then a read is refused unasked, and it closes by itself once MongoDB answers', async () => {
  const guarded = readBreaker();
  mongo.findFault = () => 'hang';
  const lost = Array.from({ length: READ_BREAKER.failures }, () => failureOf(guarded.run(read, READ_MS)));
  for (const error of await Promise.all(lost)) {
    expect(error).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining(`${READ_MS} ms`) });
  }
  expect(guarded.breaker.state).toBe('open');
  let asked = 0;
  const refused = await failureOf(guarded.run(async () => (asked += 1), READ_MS));
  expect(refused).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('try again in 1 s') });
  expect((refused as StoreUnavailableError).retryAfterMs).toBeGreaterThan(0);
  expect(asked).toBe(0);
  expect(guarded.breaker.rejections).toBe(1);
  mongo.findFault = () => 'pass';
  await eventually(() => expect(guarded.breaker.state).toBe('closed'));
  expect(await guarded.run(read, READ_MS)).toBeNull();
});

test('reads that MongoDB stops for their cost never open it', async () => {
  const guarded = readBreaker();
  mongo.findFault = () => refusal(50, 'MaxTimeMSExpired');
  for (let time = 0; time < READ_BREAKER.failures * 3; time += 1) await failureOf(guarded.run(read, READ_MS));
  expect(guarded.breaker).toMatchObject({ state: 'closed', openings: 0 });
});

test('what a write breaker refuses was not written, and the same batch is stored once when it has closed', async () => {
  const state = { away: true };
  const probe = async () => {
    if (state.away) throw new StoreUnavailableError('away');
    await store.ping();
  };
  const guarded = new StoreBreaker({ name: 'mongodb-write', policy: WRITE_BREAKER, probe });
  const messages = batch();
  mongo.fault = () => refusal(10107, 'NotWritablePrimary');
  for (let time = 0; time < WRITE_BREAKER.failures; time += 1)
    await failureOf(guarded.run(() => store.store(messages)));
  mongo.fault = () => 'pass';
  const refused = await failureOf(guarded.run(() => store.store(messages)));
  expect(refused).toBeInstanceOf(StoreUnavailableError);
  expect(await store.findById(messages[0]!.messageId, { maxTimeMS: 1000 })).toBeNull();
  state.away = false;
  const { stored } = await eventually(() => guarded.run(() => store.store(messages)));
  expect(stored).toBe(1);
});
