import { randomUUID } from 'node:crypto';
import { causalTokenOf, isCausalToken, timeOfCausalToken, toStored, type StoredMessage } from '@wiber/contracts';
import { FaultyMongo, testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import type { MessageReader } from '../messages/message.reader.ts';
import type { MessageWriter } from '../messages/message.writer.ts';
import { Store } from '../store.ts';
import {
  CausalTokenAheadError,
  StoreBehindError,
  StoreUnavailableError,
  WriteConcernUnknownError,
} from './mongo.errors.ts';
import type { StoreSettings } from './store.settings.ts';

const limits = { withinMs: 10_000 };
const settings = {
  uri: testServers().mongoUri,
  database: `wiber-${randomUUID().slice(0, 8)}`,
  collection: 'messages',
  serverSelectionMs: 10_000,
  appName: 'spec',
};
const opened: Store[] = [];
let wire: FaultyMongo | undefined;
let offset = 0;

/** A process of its own, which has seen nothing yet. */
const open = async (given: Partial<StoreSettings> = {}): Promise<{ reader: MessageReader; writer: MessageWriter }> => {
  const store = Store.connect({ ...settings, ...given });
  opened.push(store);
  await store.open();
  return { reader: store.messageReader(), writer: store.messageWriter() };
};

afterAll(async () => {
  const client = new mongoose.mongo.MongoClient(settings.uri);
  await client.db(settings.database).dropDatabase();
  await client.close();
  for (const store of opened) await store.close();
  await wire?.close();
});

const message = (messageId: string = randomUUID()): StoredMessage => {
  const body = { messageId, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 };
  return toStored(body, { partition: 0, offset: offset++ }, { storedAt: 1 });
};

test('a write tells when it was, each later than the one before, one of duplicates alone too, and the primary tells its own', async () => {
  const { reader, writer } = await open();
  const first = message();
  const times: (string | undefined)[] = [];
  for (const batch of [[first], [message()], [{ ...first }]]) times.push((await writer.store(batch)).writtenAt);
  const now = (await reader.now())!;
  expect((await writer.store([])).writtenAt).toBeUndefined();
  expect(times.every((time) => time !== undefined && isCausalToken(time))).toBe(true);
  expect(times[0]! < times[1]!).toBe(true);
  // A duplicate is acknowledged with all that came before it.
  expect(times[2]! >= times[1]!).toBe(true);
  expect(now >= times[2]!).toBe(true);
});

test('a read tells the moment it shows, and another process that is told of a write reads it', async () => {
  const [{ writer }, { reader }] = [await open(), await open()];
  const one = message();
  const { writtenAt } = await writer.store([one]);
  expect(reader.seen).toBeUndefined();
  reader.observe(writtenAt);
  expect(await reader.byId(one.messageId, limits)).toMatchObject({ messageId: one.messageId });
  expect(reader.seen! >= writtenAt!).toBe(true);
});

test('what was seen never goes back, whatever earlier moment is told', async () => {
  const { reader } = await open();
  await reader.byId(randomUUID(), limits);
  const { seen } = reader;
  reader.observe(causalTokenOf({ seconds: 1, ordinal: 1 }));
  reader.observe(undefined);
  expect(reader.seen).toBe(seen);
});

test.each([1, 3600, 2 ** 31])(
  'a moment %d s ahead of the store is refused at once, and later reads are none the worse',
  async (ahead) => {
    const { reader } = await open();
    await reader.byId(randomUUID(), limits);
    const { seconds } = timeOfCausalToken(reader.seen!);
    const seen = causalTokenOf({ seconds: Math.min(seconds + ahead, 2 ** 32 - 1), ordinal: 5 });
    const patient = { withinMs: 600_000, seen };
    await expect(reader.byId(randomUUID(), patient)).rejects.toThrow(StoreBehindError);
    await expect(reader.count('all', patient)).rejects.toThrow(ahead > 60 ? CausalTokenAheadError : StoreBehindError);
    expect(reader.seen! < seen).toBe(true);
    expect(await reader.byId(randomUUID(), limits)).toBeNull();
  },
);

test.each([2, 'no.such.name'])(
  'a write concern of %s, which the set of one can not meet, is told at the start and not tried for ever',
  async (writeConcern) => {
    await expect(open({ writeConcern })).rejects.toThrow(WriteConcernUnknownError);
    await expect(open({ writeConcern })).rejects.toThrow(`MONGO_WRITE_CONCERN is '${writeConcern}'`);
  },
);

test('concerns of the URI do not count: what ingest takes for stored is decided by the settings', async () => {
  wire = await FaultyMongo.start(settings.uri);
  const uri = `${wire.uri}&w=0&journal=false&readPreference=nearest&readConcernLevel=available`;
  const { reader, writer } = await open({ uri });
  const seen: Record<string, unknown>[] = [];
  wire.watch = (command) => void seen.push(command);
  const one = message();
  await writer.store([one]);
  await writer.store([{ ...one }]);
  await reader.byId(one.messageId, limits);
  const [activity, insert, again, bodies, find] = seen;
  const concern = { w: 'majority', j: true, wtimeout: 10_000 };
  expect(activity).toMatchObject({ insert: 'messages.activity', writeConcern: concern });
  expect([insert, again]).toMatchObject([{ writeConcern: concern }, { writeConcern: concern }]);
  // A direct connection is asked with primaryPreferred where the preference is primary.
  const $readPreference = { mode: 'primaryPreferred' };
  expect(bodies).toMatchObject({ find: 'messages', readConcern: { level: 'local' }, $readPreference });
  expect(find).toMatchObject({ find: 'messages', readConcern: { level: 'majority' } });
});

test('a read that is refused for another reason than its time is store_unavailable', async () => {
  const { reader } = await open({ uri: wire!.uri });
  wire!.findFault = () => ({ ok: 0, code: 2, codeName: 'BadValue', errmsg: 'unknown operator: $nonsense' });
  await expect(reader.byId(randomUUID(), limits)).rejects.toThrow(StoreUnavailableError);
});
