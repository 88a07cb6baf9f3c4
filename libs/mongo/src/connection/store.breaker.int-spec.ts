import { randomUUID } from 'node:crypto';
import { toStored } from '@wiber/contracts';
import { FaultyMongo, eventually, testServers, type CommandFault } from '@wiber/harness';
import mongoose from 'mongoose';
import type { MessageReader } from '../messages/message.reader.ts';
import type { MessageWriter } from '../messages/message.writer.ts';
import { Store } from '../store.ts';
import { StoreUnavailableError } from './mongo.errors.ts';
import { READ_BREAKER, WRITE_BREAKER, isStoreAway } from './store.breaker.ts';

const READ_MS = 300;
const database = `wiber-${randomUUID().slice(0, 8)}`;

let mongo: FaultyMongo;
let store: Store;
let reader: MessageReader;
let writer: MessageWriter;

const settingsAt = (uri: string) => ({
  uri,
  database,
  collection: 'messages',
  serverSelectionMs: 1000,
  // More than a busy machine ever stands still.
  answerMs: 5000,
  readPatienceMs: READ_MS,
  appName: 'spec',
});

beforeAll(async () => {
  mongo = await FaultyMongo.start(testServers().mongoUri);
});

// Each test has breakers that have seen nothing.
beforeEach(async () => {
  store = Store.connect(settingsAt(mongo.uri));
  await store.open();
  reader = store.messageReader();
  writer = store.messageWriter();
});

afterEach(async () => {
  mongo.fault = () => 'pass';
  mongo.findFault = () => 'pass';
  await store.close();
});

afterAll(async () => {
  const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
  await client.db(database).dropDatabase();
  await client.close();
  await mongo.close();
});

let offset = 0;
const batch = () => [
  toStored(
    { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 },
    { partition: 0, offset: offset++ },
    { storedAt: 2 },
  ),
];
const read = () => reader.byId(randomUUID(), { withinMs: READ_MS });
const breakerNamed = (name: string) => store.breakers.find((breaker) => breaker.name === name)!;
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
  const error = await failureOf(writer.store(batch()));
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
  const lost = Store.connect({ ...settingsAt(gone.uri), serverSelectionMs: 300 });
  await lost.open();
  const lostReader = lost.messageReader();
  const lostWriter = lost.messageWriter();
  await gone.close();
  const ask = async () => [
    await failureOf(lostReader.byId(randomUUID(), { withinMs: READ_MS })),
    await failureOf(lostWriter.store(batch())),
  ];
  const errors = await ask();
  expect(errors.map((error) => [(error as Error).name, isStoreAway(error)])).toEqual([
    ['StoreUnavailableError', true],
    ['StoreUnavailableError', true],
  ]);
  // The second of each finds no server from its start.
  expect((await ask()).map(isStoreAway)).toEqual([true, true]);
  await lost.close();
});

test('reads that hang open the breaker; then a read is refused unasked, and the breaker closes by itself once MongoDB answers', async () => {
  const breaker = breakerNamed('mongodb-read');
  mongo.findFault = () => 'hang';
  const lost = Array.from({ length: READ_BREAKER.failures }, () => failureOf(read()));
  for (const error of await Promise.all(lost)) {
    expect(error).toMatchObject({ code: 'store_unavailable', message: expect.stringMatching(/within \d+ ms/) });
  }
  expect(breaker.state).toBe('open');
  let asked = 0;
  mongo.watch = () => (asked += 1);
  const refused = await failureOf(read());
  mongo.watch = () => undefined;
  expect(refused).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('try again in 1 s') });
  expect((refused as StoreUnavailableError).retryAfterMs).toBeGreaterThan(0);
  expect(asked).toBe(0);
  expect(breaker.rejections).toBe(1);
  mongo.findFault = () => 'pass';
  await eventually(() => expect(breaker.state).toBe('closed'));
  expect(await read()).toBeNull();
});

test('a caller that waits for less than the patience gets its error in time, and the breaker learns nothing from it', async () => {
  const patient = Store.connect({ ...settingsAt(mongo.uri), readPatienceMs: 60_000, answerMs: 60_000 });
  await patient.open();
  const patientReader = patient.messageReader();
  mongo.findFault = () => 'hang';
  const lost = Array.from({ length: READ_BREAKER.failures * 2 }, () =>
    failureOf(patientReader.byId(randomUUID(), { withinMs: 50 })),
  );
  for (const error of await Promise.all(lost)) expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(patient.breakers[0]).toMatchObject({ name: 'mongodb-read', state: 'closed' });
  await patient.close();
});

test('reads that MongoDB stops for their cost never open it', async () => {
  mongo.findFault = () => refusal(50, 'MaxTimeMSExpired');
  for (let time = 0; time < READ_BREAKER.failures * 3; time += 1) await failureOf(read());
  expect(breakerNamed('mongodb-read')).toMatchObject({ state: 'closed', openings: 0 });
});

test('what a write breaker refuses was not written, and the same batch is stored once when it has closed', async () => {
  const messages = batch();
  mongo.fault = () => refusal(10107, 'NotWritablePrimary');
  for (let time = 0; time < WRITE_BREAKER.failures; time += 1) await failureOf(writer.store(messages));
  mongo.fault = () => 'pass';
  const refused = await failureOf(writer.store(messages));
  expect(refused).toBeInstanceOf(StoreUnavailableError);
  expect(await reader.byId(messages[0]!.messageId, { withinMs: 1000 })).toBeNull();
  const { stored } = await eventually(() => writer.store(messages));
  expect(stored).toBe(1);
});

test('a process has the breakers of the readers and writers that it made, and no others', async () => {
  const fresh = Store.connect(settingsAt(mongo.uri));
  expect(fresh.breakers).toEqual([]);
  fresh.messageWriter();
  fresh.deadLetterWriter();
  expect(fresh.breakers.map(({ name }) => name)).toEqual(['mongodb-write']);
  fresh.deadLetterReader();
  expect(fresh.breakers.map(({ name }) => name)).toEqual(['mongodb-read', 'mongodb-write']);
  await fresh.close();
});

test('an empty batch makes no call, so it does not count as an answer of MongoDB', async () => {
  mongo.fault = () => refusal(10107, 'NotWritablePrimary');
  for (let time = 0; time < WRITE_BREAKER.failures; time += 1) {
    expect(breakerNamed('mongodb-write').state).toBe('closed');
    await failureOf(writer.store(batch()));
    expect(await writer.store([])).toMatchObject({ stored: 0, writtenAt: undefined });
  }
  expect(breakerNamed('mongodb-write').state).not.toBe('closed');
});
