import { randomUUID } from 'node:crypto';
import { causalTokenOf, isCausalToken, timeOfCausalToken, toStored, type StoredMessage } from '@wiber/contracts';
import { FaultyMongo, testServers } from '@wiber/harness';
import { MessageStore } from './message.store.ts';
import { StoreBehindError, StoreUnavailableError, WriteConcernUnknownError } from './mongo.errors.ts';
import type { StoreSettings } from './store.settings.ts';

const limits = { maxTimeMS: 1000 };
const settings = {
  uri: testServers().mongoUri,
  database: `wiber-${randomUUID().slice(0, 8)}`,
  collection: 'messages',
  serverSelectionMs: 2000,
  appName: 'spec',
};
const opened: MessageStore[] = [];
let wire: FaultyMongo | undefined;
let offset = 0;

const open = async (given: Partial<StoreSettings> = {}): Promise<MessageStore> => {
  const store = new MessageStore({ ...settings, ...given });
  opened.push(store);
  await store.open();
  return store;
};

afterAll(async () => {
  await opened[0]!.messages.drop();
  for (const store of opened) await store.close();
  await wire?.close();
});

const message = (messageId: string = randomUUID()): StoredMessage => {
  const body = { messageId, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 };
  return toStored(body, { partition: 0, offset: offset++ }, 1);
};

test('a write tells when it was, each later than the one before, one of duplicates alone too, and the primary tells its own', async () => {
  const store = await open();
  const first = message();
  const times: (string | undefined)[] = [];
  for (const batch of [[first], [message()], [{ ...first }]]) times.push((await store.store(batch)).writtenAt);
  const now = (await store.now())!;
  expect((await store.store([])).writtenAt).toBeUndefined();
  expect(times.every((time) => time !== undefined && isCausalToken(time))).toBe(true);
  expect(times[0]! < times[1]!).toBe(true);
  // A duplicate is acknowledged with all that came before it.
  expect(times[2]! >= times[1]!).toBe(true);
  expect(now >= times[2]!).toBe(true);
});

test('a read tells the moment it shows, and another process that is told of a write reads it', async () => {
  const [writer, reader] = [await open(), await open()];
  const one = message();
  const { writtenAt } = await writer.store([one]);
  expect(reader.seen).toBeUndefined();
  reader.observe(writtenAt);
  expect(await reader.findById(one.messageId, limits)).toMatchObject({ messageId: one.messageId });
  expect(reader.seen! >= writtenAt!).toBe(true);
});

test('what was seen never goes back, whatever earlier moment is told', async () => {
  const store = await open();
  await store.findById(randomUUID(), limits);
  const { seen } = store;
  store.observe(causalTokenOf({ seconds: 1, ordinal: 1 }));
  store.observe(undefined);
  expect(store.seen).toBe(seen);
});

test.each([1, 3600, 2 ** 31])(
  'a moment %d s ahead of the store is store_behind at once, and later reads are none the worse',
  async (ahead) => {
    const store = await open();
    await store.findById(randomUUID(), limits);
    const { seconds } = timeOfCausalToken(store.seen!);
    const after = causalTokenOf({ seconds: Math.min(seconds + ahead, 2 ** 32 - 1), ordinal: 5 });
    const patient = { maxTimeMS: 600_000, after };
    await expect(store.findById(randomUUID(), patient)).rejects.toThrow(StoreBehindError);
    await expect(store.count({}, { ...patient, hint: 'log_position' })).rejects.toThrow(StoreBehindError);
    expect(store.seen! < after).toBe(true);
    expect(await store.findById(randomUUID(), limits)).toBeNull();
  },
);

test('a count is of what matches, and 0 of nothing', async () => {
  const store = await open();
  const batch = [message(), message(), message()].map((one) => ({ ...one, conversationId: 'count:me' }));
  await store.store(batch);
  const by = { ...limits, hint: 'conversation_by_log' };
  expect(await store.count({ conversationId: 'count:me' }, by)).toBe(3);
  expect(await store.count({ conversationId: 'nobody:none' }, by)).toBe(0);
});

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
  const store = await open({ uri });
  const seen: Record<string, unknown>[] = [];
  wire.watch = (command) => void seen.push(command);
  const one = message();
  await store.store([one]);
  await store.store([{ ...one }]);
  await store.findById(one.messageId, limits);
  const [insert, again, bodies, find] = seen;
  const concern = { w: 'majority', j: true, wtimeout: 10_000 };
  expect([insert, again]).toMatchObject([{ writeConcern: concern }, { writeConcern: concern }]);
  // A direct connection is asked with primaryPreferred where the preference is primary.
  const $readPreference = { mode: 'primaryPreferred' };
  expect(bodies).toMatchObject({ find: 'messages', readConcern: { level: 'local' }, $readPreference });
  expect(find).toMatchObject({ find: 'messages', readConcern: { level: 'majority' } });
});

test('a read that is refused for another reason than its time is store_unavailable', async () => {
  const store = await open();
  const wrong = store.count({ $nonsense: 1 } as never, { ...limits, hint: 'log_position' });
  await expect(wrong).rejects.toThrow(StoreUnavailableError);
});
