import { randomUUID } from 'node:crypto';
import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { FaultyMongo, testServers, type CommandFault } from '@wiber/harness';
import mongoose from 'mongoose';
import { ReadsOverloadedError, StoreUnavailableError } from '../connection/mongo.errors.ts';
import { SHARD_KEYS, type StoreSettings } from '../connection/store.settings.ts';
import { Store } from '../store.ts';
import type { MessageReader } from './message.reader.ts';
import type { PageQuery } from './message.order.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const USERS = ['ann', 'ben'] as const;

afterAll(() => client.close());

describe.each(SHARD_KEYS)('with messages sharded by %s', (shardKey) => {
  let mongo: FaultyMongo;
  let settings: StoreSettings;
  let store: Store;
  let reader: MessageReader;
  /** For what takes a busy machine longer than the other lets a server that hangs have. */
  let patient: Store;
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
    settings = { uri: mongo.uri, database, collection: 'messages', shardKey, serverSelectionMs: 2000, appName: 'spec' };
    store = Store.connect({ ...settings, answerMs: 5000, readPatienceMs: 5000 });
    patient = Store.connect(settings);
    await Promise.all([store.open(), patient.open()]);
    reader = store.messageReader();
    await store
      .messageWriter()
      .store(messages.map((message, offset) => toStored(message, { partition: 3, offset }, { storedAt: 1 })));
  });

  afterEach(() => {
    mongo.findFault = () => 'pass';
  });

  afterAll(async () => {
    await client.db(settings.database).dropDatabase();
    await Promise.all([store.close(), patient.close()]);
    await mongo.close();
  });

  const page = (over: Partial<PageQuery> = {}, users: readonly [string, string] = USERS, from = reader) =>
    from.conversationPage(users, { sort: 'log', order: 'asc', skip: 0, limit: 50, withinMs: 5000, ...over });

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
    expect([first, last]).toEqual([
      [3, 0],
      [3, 4],
    ]);
  });

  test.each(['timestamp', 'log'] as const)('skip, limit, order and cursors of a page by %s', async (sort) => {
    const read = async (over: Partial<PageQuery>) =>
      JSON.parse((await page({ sort, ...over })).json.toString()) as unknown;
    const cursorAt = (index: number) =>
      sort === 'log' ? ([3, index] as const) : ([messages[index]!.timestamp, messages[index]!.messageId] as const);
    expect(await read({ skip: 1, limit: 2 })).toEqual(messages.slice(1, 3));
    expect(await read({ order: 'desc', limit: 2 })).toEqual(messages.slice(3).toReversed());
    expect(await read({ after: cursorAt(1), limit: 2 })).toEqual(messages.slice(2, 4));
    expect(await read({ before: cursorAt(4), skip: 1, limit: 2 })).toEqual(messages.slice(1, 3));
    expect(await read({ order: 'desc', before: cursorAt(1), limit: 2 })).toEqual(messages.slice(2, 4).toReversed());
  });

  test('a walk by log passes over no message of a place that several have, as after a topic was made anew', async () => {
    const at = (offset: number, index: number): StoredMessage => {
      const message = {
        messageId: randomUUID(),
        fromUser: 'uma',
        toUser: 'vic',
        content: `${index}`,
        timestamp: 1,
        lamport: 1,
      };
      return toStored(message, { partition: 6, offset }, { storedAt: 1 });
    };
    const places = [0, 1, 1, 1, 2];
    const stored = places.map(at);
    for (const one of stored) await store.messageWriter().store([one]);
    const ids = stored.map(({ messageId }) => messageId);
    for (const [order, wanted] of [
      ['asc', ids],
      ['desc', ids.toReversed()],
    ] as const) {
      for (const limit of [1, 2, 3]) {
        const walked: string[] = [];
        let after: PageQuery['after'];
        do {
          const { json, last } = await page({ order, limit, after }, ['uma', 'vic']);
          walked.push(...(JSON.parse(json.toString()) as Message[]).map(({ messageId }) => messageId));
          after = last;
        } while (after);
        expect(walked).toEqual(wanted);
      }
    }
    const { first } = await page({ limit: 1, after: [6, 1, 1] }, ['uma', 'vic']);
    expect(first).toEqual([6, 1, 2]);
    const before = await page({ before: [6, 1, 2] }, ['uma', 'vic']);
    expect((JSON.parse(before.json.toString()) as Message[]).map(({ messageId }) => messageId)).toEqual(
      ids.slice(0, 3),
    );
  });

  test('ids that are stored are told from those that are not, with one look-up', async () => {
    const [one, two] = [messages[0]!.messageId, messages[4]!.messageId];
    const found = await reader.storedAmong([one, randomUUID(), two], { withinMs: 5000 });
    expect(found).toEqual(new Set([one, two]));
  });

  test('many messages are read by their ids with one find; an id of which nothing is stored is left out', async () => {
    const [one, two] = [messages[0]!, messages[4]!];
    const found = await reader.byIds([one.messageId, randomUUID(), two.messageId], { withinMs: 5000 });
    const alone = [one, two].map(({ messageId }) => reader.byId(messageId, { withinMs: 5000 }));
    expect(new Set(found.keys())).toEqual(new Set([one.messageId, two.messageId]));
    expect([found.get(one.messageId), found.get(two.messageId)]).toEqual(await Promise.all(alone));
  });

  test('a page of 500 messages of the largest content comes whole', async () => {
    const content = '\u{1f600}'.repeat(5000);
    const many = Array.from({ length: 501 }, (_, offset): StoredMessage => {
      const message = { messageId: randomUUID(), fromUser: 'cat', toUser: 'dan', content, timestamp: 1, lamport: 1 };
      return toStored(message, { partition: 4, offset }, { storedAt: 1 });
    });
    await patient.messageWriter().store(many);
    const { json, count, last } = await page({ limit: 500, withinMs: 10_000 }, ['cat', 'dan'], patient.messageReader());
    expect(count).toBe(500);
    expect(last).toEqual([4, 499]);
    const ids = (JSON.parse(json.toString()) as Message[]).map(({ messageId }) => messageId);
    expect(ids).toEqual(many.slice(0, 500).map(({ messageId }) => messageId));
  });

  test('a page of nothing is an empty list without ends', async () => {
    const none = await page({}, ['nobody', 'none']);
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

  test('a message is found by its id, and none by another', async () => {
    expect(await reader.byId(messages[2]!.messageId, { withinMs: 5000 })).toEqual(messages[2]);
    expect(await reader.byIdOnPrimary(messages[2]!.messageId, 5000)).toEqual(messages[2]);
    expect(await reader.byId(randomUUID(), { withinMs: 5000 })).toBeNull();
  });

  test('what a new message would be a repeat of is found by its id, in its conversation where ids are unique there only', async () => {
    const [one] = messages as [Message];
    const within = { withinMs: 5000 };
    expect(await reader.sameAs(one, within)).toEqual(one);
    expect(await reader.sameAs({ ...one, fromUser: 'ben', toUser: 'ann' }, within)).toEqual(one);
    expect(await reader.sameAs({ ...one, toUser: 'carl' }, within)).toEqual(shardKey === 'none' ? one : null);
    expect(await reader.sameAs({ ...one, messageId: randomUUID() }, within)).toBeNull();
  });

  test('a count is of a conversation, of a user or of all, and 0 where nothing is stored', async () => {
    const within = { withinMs: 5000 };
    const others = ['cat', 'dan'].map((toUser, index) =>
      toStored(
        { messageId: randomUUID(), fromUser: 'eve', toUser, content: 'hi', timestamp: index * 4_000_000, lamport: 1 },
        { partition: 5, offset: index },
        { storedAt: 1 },
      ),
    );
    await store.messageWriter().store(others);
    expect(await reader.count({ users: USERS }, within)).toBe(5);
    expect(await reader.count({ users: ['ben', 'ann'] }, within)).toBe(5);
    expect(await reader.count({ user: 'ann' }, within)).toBe(5);
    expect(await reader.count({ user: 'eve' }, within)).toBe(2);
    expect(await reader.count({ user: 'nobody' }, within)).toBe(0);
    expect(await reader.count({ users: ['nobody', 'none'] }, within)).toBe(0);
    expect(await reader.count('all', within)).toBe(
      await client.db(settings.database).collection('messages').countDocuments(),
    );
  });

  test('counts wait for a turn of their own: many at once keep no page waiting, and one past the bound is told to come again', async () => {
    mongo.commandFault = (command) => ('aggregate' in command ? 'hang' : 'pass');
    const slow = Store.connect({ ...settings, readPatienceMs: 30_000, answerMs: 30_000 });
    await slow.open();
    const slowReader = slow.messageReader();
    const counts = Array.from({ length: 60 }, () =>
      slowReader.count({ users: USERS }, { withinMs: 600 }).catch((error: unknown) => error),
    );
    expect((await page({}, USERS, slowReader)).count).toBe(5);
    const errors = await Promise.all(counts);
    for (const error of errors) expect(error).toBeInstanceOf(StoreUnavailableError);
    // Four ran, and MongoDB did not answer them.
    expect(errors.filter((error) => error instanceof ReadsOverloadedError)).toHaveLength(56);
    expect(slow.breakers[0]).toMatchObject({ name: 'mongodb-read', state: 'closed' });
    mongo.commandFault = () => 'pass';
    await slow.close();
  });

  test('a page that passes over many messages is counted as costly, and is right', async () => {
    expect((await page({ skip: 100_000 })).count).toBe(0);
  });

  test('the clock of a new gateway starts at the largest Lamport time of the last messages of the partitions', async () => {
    const of = (partition: number, offset: number, lamport: number) =>
      toStored(
        { messageId: randomUUID(), fromUser: 'fay', toUser: 'gus', content: 'hi', timestamp: 1, lamport },
        { partition, offset },
        { storedAt: 1 },
      );
    await store.messageWriter().store([of(0, 7, 40), of(9, 1, 90), of(9, 2, 70), of(12, 0, 60)]);
    expect(await reader.lastLamport()).toBe(70);
  });

  test('the clock of a new gateway goes on behind the stored messages, also when the last of a partition is a foreign one with the largest possible time', async () => {
    const of = (offset: number, lamport: number) =>
      toStored(
        { messageId: randomUUID(), fromUser: 'hal', toUser: 'ivy', content: 'hi', timestamp: 1, lamport },
        { partition: 20, offset },
        { storedAt: 1 },
      );
    await store.messageWriter().store([of(1, 99), of(2, 98), of(3, 2 ** 52 + 1), of(4, Number.MAX_SAFE_INTEGER)]);
    expect(await reader.lastLamport()).toBe(99);
  });

  test('what is later than a dead letter is told by the log within its partition, and by time elsewhere', async () => {
    const later = (offset: number, except: string = randomUUID()) =>
      reader.laterInLog(USERS, { position: { partition: 3, offset }, except, withinMs: 5000 });
    expect(await later(3)).toEqual(messages[4]);
    expect(await later(4)).toBeNull();
    expect(await later(3, messages[4]!.messageId)).toBeNull();
    const inTime = (timestamp: number, exceptPartition: number | undefined, except: string = randomUUID()) =>
      reader.laterInTime(USERS, { timestamp, exceptPartition, except, withinMs: 5000 });
    expect(await inTime(1003, undefined)).toEqual(messages[4]);
    expect(await inTime(1003, 3)).toBeNull();
    expect(await inTime(1003, undefined, messages[4]!.messageId)).toBeNull();
    expect(await inTime(1004, undefined)).toBeNull();
  });

  test.each<[string, Partial<PageQuery>]>([
    ['by time', { sort: 'timestamp' }],
    ['by time behind a cursor', { sort: 'timestamp', after: [1001, randomUUID()] }],
    ['by time before a cursor, newest first', { sort: 'timestamp', order: 'desc', before: [1001, randomUUID()] }],
    ['by Lamport time', { sort: 'lamport' }],
    ['by Lamport time behind a cursor', { sort: 'lamport', after: [1, randomUUID()] }],
    ['by Lamport time before a cursor, newest first', { sort: 'lamport', order: 'desc', before: [1, randomUUID()] }],
    ['by log', { sort: 'log' }],
    ['by log behind a cursor', { sort: 'log', after: [3, 1] }],
    ['by log before a cursor at a place of several messages', { sort: 'log', before: [3, 1, 2] }],
  ])('a page %s is read from an index in order; MongoDB sorts nothing', async (_, over) => {
    const db = client.db(settings.database);
    await db.command({ profile: 2 });
    await page(over);
    await db.command({ profile: 0 });
    const profiled = await db.collection('system.profile').find({ 'command.find': 'messages' }).toArray();
    await db.collection('system.profile').drop();
    expect(profiled.map(({ hasSortStage }) => hasSortStage as unknown)).toEqual([undefined]);
  });
});
