import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import mongoose from 'mongoose';
import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { activityOf, keysOf } from '../activity/activity.key.ts';
import { ACTIVITY_PAGE } from '../activity/activity.reader.ts';
import { ReadsOverloadedError } from '../connection/mongo.errors.ts';
import { Store } from '../store.ts';
import { documentOf } from './message.document.ts';
import type { MessageReader } from './message.reader.ts';
import type { MessageCursor, PageQuery } from './message.order.ts';

const HOUR = 3_600_000;
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const settings = {
  uri: testServers().mongoUri,
  database: `wiber-${randomUUID().slice(0, 8)}`,
  collection: 'messages',
  serverSelectionMs: 5000,
  appName: 'spec',
};
let store: Store;
let reader: MessageReader;
let offset = 0;

beforeAll(async () => {
  store = Store.connect(settings);
  await store.open();
  reader = store.messageReader();
});

afterAll(async () => {
  await client.db(settings.database).dropDatabase();
  await Promise.all([store.close(), client.close()]);
});

const message = (given: Partial<Message>): StoredMessage =>
  toStored(
    { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1, ...given },
    { partition: 0, offset: offset++ },
    { storedAt: 1 },
  );
const inTime = (a: StoredMessage, b: StoredMessage): number =>
  a.timestamp - b.timestamp || (a.messageId < b.messageId ? -1 : 1);
const idsOf = (page: { json: Buffer }): string[] =>
  (JSON.parse(page.json.toString()) as Message[]).map(({ messageId }) => messageId);
const read = (user: string, over: Partial<PageQuery> = {}) =>
  reader.userPage(user, { order: 'desc', skip: 0, limit: 50, withinMs: 30_000, ...over });

/** All pages of a user, walked by the cursors from one end to the other. */
const walk = async (user: string, { order, limit }: Pick<PageQuery, 'order' | 'limit'>): Promise<string[]> => {
  const ids: string[] = [];
  for (let after: MessageCursor | undefined; ;) {
    const page = await read(user, { order, limit, after });
    ids.push(...idsOf(page));
    if (page.count < limit) return ids;
    after = page.last;
  }
};

test('a walk through a user’s pages shows each of their messages once, in the order of time, for any messages and any page size', async () => {
  let users = 0;
  const drafts = fc.array(
    fc.record({
      // Few hours, few moments and few others, so that hours, ties and conversations meet.
      hour: fc.nat(4),
      moment: fc.nat(3),
      other: fc.nat(3),
      isSender: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(drafts, fc.integer({ min: 1, max: 9 }), fc.nat(45), async (list, limit, skip) => {
      const user = `u${users++}`;
      const stored = list.map(({ hour, moment, other, isSender }) => {
        const toUser = other === 0 ? user : `${user}-${other}`;
        const timestamp = hour * HOUR + moment;
        return message(
          isSender ? { fromUser: user, toUser, timestamp } : { fromUser: toUser, toUser: user, timestamp },
        );
      });
      await store.messageWriter().store(stored);
      const expected = stored.toSorted(inTime).map(({ messageId }) => messageId);
      expect(await walk(user, { order: 'asc', limit })).toEqual(expected);
      expect(await walk(user, { order: 'desc', limit })).toEqual(expected.toReversed());
      expect(idsOf(await read(user, { order: 'asc', skip, limit }))).toEqual(expected.slice(skip, skip + limit));
      const middle = stored.toSorted(inTime)[Math.floor(stored.length / 2)]!;
      const before: MessageCursor = [middle.timestamp, middle.messageId];
      const until = expected.indexOf(middle.messageId);
      expect(idsOf(await read(user, { order: 'asc', before, limit }))).toEqual(
        expected.slice(Math.max(0, until - limit), until),
      );
      expect(await reader.count({ user }, { withinMs: 30_000 })).toBe(stored.length);
    }),
    { numRuns: 60 },
  );
}, 300_000);

test('a user with more conversations in an hour than one read holds has exact pages and an exact count', async () => {
  const many = ACTIVITY_PAGE * 2 + 50;
  const stored = Array.from({ length: many * 2 }, (_, index) =>
    message({ fromUser: 'hub', toUser: `user${index % many}`, timestamp: 7 * HOUR + Math.floor(index / 3) }),
  );
  // Hours before and after it, with a few conversations each.
  for (const hour of [1, 2, 6, 8, 9])
    stored.push(message({ fromUser: `user${hour}`, toUser: 'hub', timestamp: hour * HOUR }));
  await store.messageWriter().store(stored);
  const expected = stored.toSorted(inTime).map(({ messageId }) => messageId);
  expect(await walk('hub', { order: 'asc', limit: 170 })).toEqual(expected);
  expect(await walk('hub', { order: 'desc', limit: 170 })).toEqual(expected.toReversed());
  expect(idsOf(await read('hub', { order: 'asc', skip: 700, limit: 20 }))).toEqual(expected.slice(700, 720));
  expect(await reader.count({ user: 'hub' }, { withinMs: 30_000 })).toBe(stored.length);
});

test('a user whose activity needs several reads loses no hour at their borders', async () => {
  const hours = ACTIVITY_PAGE * 2 + 3;
  const stored = Array.from({ length: hours }, (_, hour) =>
    message({ fromUser: 'old', toUser: `friend${hour % 2}`, timestamp: hour * HOUR }),
  );
  await store.messageWriter().store(stored);
  const expected = stored.map(({ messageId }) => messageId);
  expect(await walk('old', { order: 'asc', limit: 90 })).toEqual(expected);
  expect(idsOf(await read('old', { order: 'desc', skip: hours - 5, limit: 50 }))).toEqual(
    expected.slice(0, 5).toReversed(),
  );
});

test.each([
  ['the first page', {}],
  ['a page behind a cursor', { after: [2 * HOUR, randomUUID()] as const }],
])('%s of a user is merged from indexes in order; MongoDB sorts nothing', async (_, over) => {
  await store
    .messageWriter()
    .store(
      Array.from({ length: 60 }, (_unused, index) =>
        message({ fromUser: 'sue', toUser: `s${index % 10}`, timestamp: (index % 4) * HOUR + index }),
      ),
    );
  const db = client.db(settings.database);
  await db.command({ profile: 2 });
  await read('sue', over);
  await db.command({ profile: 0 });
  const profiled = await db.collection('system.profile').find({ 'command.find': 'messages' }).toArray();
  await db.collection('system.profile').drop();
  expect(profiled.length).toBeGreaterThan(0);
  for (const { hasSortStage, planSummary } of profiled)
    expect({ hasSortStage, planSummary }).toEqual({
      hasSortStage: undefined,
      planSummary: expect.stringMatching(/^IXSCAN/),
    });
});

test('the key of an activity gives back what it was made of', () => {
  const one = message({ fromUser: 'ann', toUser: 'ben', timestamp: 5 * HOUR + 7 });
  expect(keysOf(one).map(activityOf)).toEqual([
    { user: 'ann', hour: 5, conversationId: 'ann:ben' },
    { user: 'ben', hour: 5, conversationId: 'ann:ben' },
  ]);
  expect(keysOf(message({ fromUser: 'ann', toUser: 'ann' }))).toHaveLength(1);
});

test('a page behind a large skip is whole, also where the messages passed over do not fit one reply of MongoDB', async () => {
  const content = '\u{1f600}'.repeat(5000);
  const stored = Array.from({ length: 1000 }, (_, index) =>
    message({ fromUser: 'big', toUser: 'pal', content, timestamp: index }),
  );
  for (let at = 0; at < stored.length; at += 100) await store.messageWriter().store(stored.slice(at, at + 100));
  const expected = stored.map(({ messageId }) => messageId);
  expect(idsOf(await read('big', { order: 'asc', skip: 900, limit: 50 }))).toEqual(expected.slice(900, 950));
  expect(idsOf(await read('big', { order: 'asc', skip: 990, limit: 50 }))).toEqual(expected.slice(990));
  expect(idsOf(await read('big', { order: 'asc', skip: 1000, limit: 50 }))).toEqual([]);
});

test('a small skip reads little more than the page', async () => {
  const stored = Array.from({ length: 3000 }, (_, timestamp) => message({ fromUser: 'sam', toUser: 'tim', timestamp }));
  await store.messageWriter().store(stored);
  const db = client.db(settings.database);
  await db.command({ profile: 2 });
  expect(idsOf(await read('sam', { order: 'asc', skip: 1, limit: 10 }))).toHaveLength(10);
  await db.command({ profile: 0 });
  const profiled = await db
    .collection('system.profile')
    .find({ ns: `${settings.database}.messages` })
    .toArray();
  await db.collection('system.profile').drop();
  expect(profiled.map(({ keysExamined }) => Number(keysExamined)).every((keys) => keys < 20)).toBe(true);
});

/** How often MongoDB was asked for documents of a collection. */
const readsOf = async (collection: string): Promise<number> => {
  const { totals } = await client.db('admin').command({ top: 1 });
  return totals[`${settings.database}.${collection}`].queries.count;
};

test('a user with 95,000 conversations in one hour has each page in about 50 reads, and the walk passes the hour', async () => {
  const many = 95_000;
  const hour = 400_000;
  const stored = Array.from({ length: many }, (_, index) =>
    // The newest are not the first by name.
    message({ fromUser: 'target', toUser: `x${index}`, timestamp: hour * HOUR + ((index * 7919) % many) }),
  );
  const early = message({ fromUser: 'target', toUser: 'x1', timestamp: HOUR });
  const database = client.db(settings.database);
  const documents = stored.map(documentOf);
  for (let at = 0; at < many; at += 10_000) {
    const some = stored.slice(at, at + 10_000);
    await database.collection('messages').insertMany(documents.slice(at, at + 10_000) as object[]);
    const keys = some.flatMap((one) => keysOf(one).map((_id) => ({ _id: _id as never })));
    await database.collection('messages.activity').insertMany(keys);
  }
  await store.messageWriter().store([early]);
  const newest = stored
    .toSorted(inTime)
    .map(({ messageId }) => messageId)
    .toReversed();
  const before = await readsOf('messages');
  const first = await read('target', { withinMs: 60_000 });
  expect(idsOf(first)).toEqual(newest.slice(0, 50));
  expect((await readsOf('messages')) - before).toBeLessThanOrEqual(50);
  const second = await read('target', { withinMs: 60_000, after: first.last });
  expect(idsOf(second)).toEqual(newest.slice(50, 100));
  // The end of the hour and what is behind it.
  const last = stored.toSorted(inTime)[10]!;
  const behind = await read('target', { withinMs: 60_000, after: [last.timestamp, last.messageId] });
  expect(idsOf(behind)).toEqual([...newest.slice(-10), early.messageId]);
}, 240_000);

test('many pages at once of a user who wrote to thousands in an hour: each is whole or refused as overloaded, and others have theirs', async () => {
  const stored = Array.from({ length: 5000 }, (_, index) =>
    message({ fromUser: 'spam', toUser: `victim${index}`, timestamp: 3 * HOUR + index }),
  );
  stored.push(message({ fromUser: 'kim', toUser: 'lee', timestamp: 3 * HOUR }));
  for (let at = 0; at < stored.length; at += 1000) await store.messageWriter().store(stored.slice(at, at + 1000));
  const newest = stored
    .slice(0, 5000)
    .map(({ messageId }) => messageId)
    .toReversed();
  const pages = Array.from({ length: 64 }, () =>
    read('spam', { limit: 500, withinMs: 60_000 }).then(idsOf, (error: unknown) => error),
  );
  expect(idsOf(await read('kim', { withinMs: 5000 }))).toHaveLength(1);
  const told = await Promise.all(pages);
  expect(told.filter(Array.isArray)).toEqual(Array(34).fill(newest.slice(0, 500)));
  for (const refused of told.filter((one) => !Array.isArray(one))) expect(refused).toBeInstanceOf(ReadsOverloadedError);
  expect(store.breakers.find(({ name }) => name === 'mongodb-read')).toMatchObject({ state: 'closed', openings: 0 });
});
