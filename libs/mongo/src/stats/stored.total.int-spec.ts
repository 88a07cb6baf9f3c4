import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { toStored } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import type { LeaseFence } from '@wiber/resilience';
import { openFence } from '../fence/lease.fence.double-spec.ts';
import { Store } from '../store.ts';
import type { WindowDelta } from './window.update.ts';

const TOPIC = 'chat';
const LIMITS = { withinMs: 5000 };
const { mongoUri: uri } = testServers();
const client = new mongoose.mongo.MongoClient(uri);
const stores: Store[] = [];

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await client.close();
});

/** A store of its own, and a worker that counts it as apps/metrics does: in portions, each once. */
const freshStore = async () => {
  const database = `wiber-${randomUUID().slice(0, 8)}`;
  const store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 5000, appName: 'spec' });
  stores.push(store);
  await store.open();
  const db = client.db(database);
  // By majority, as the total is read: what only the primary has is not stored yet.
  const messages = db.collection('messages', { readConcern: { level: 'majority' } });
  const next = new Map<number, number>();
  return {
    store,
    db,
    messages,
    add: (partition: number, offsets: readonly number[]) => store.messageWriter().store(offsets.map(stored(partition))),
    /** Counts what is stored of a partition before an offset. */
    count: async (partition: number, to: number): Promise<void> => {
      const from = next.get(partition) ?? 0;
      const { times, next: reached } = await store.storedTimes().read({ partition, from, to, limit: 5000 }, LIMITS);
      const offsets = times.map(({ offset }) => offset);
      if (offsets.length > 0)
        await store.statsWriter().add([totalOf(partition, offsets)], { fence: openFence, beyond: () => undefined });
      next.set(partition, reached);
    },
    /** From there on `count` counts a partition. */
    beginAt: (partition: number, offset: number) => void next.set(partition, offset),
    total: () => store.figures.storedTotal().read(TOPIC, LIMITS),
    /** Counts the next piece of what was stored before. */
    earlier: (fence: LeaseFence, piece: number) =>
      store.figures.storedHistory({ piece }).countNext(TOPIC, () => fence, LIMITS),
  };
};

type Fresh = Awaited<ReturnType<typeof freshStore>>;

const stored = (partition: number) => (offset: number) =>
  toStored(
    { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'x', timestamp: 100, lamport: 1 },
    { partition, offset },
    { storedAt: 200 },
  );

const totalOf = (partition: number, offsets: readonly number[]): WindowDelta => ({
  window: { topic: TOPIC, stream: 'stored', span: 'total', start: 0, partition },
  first: offsets[0]!,
  last: offsets.at(-1)!,
  figures: { counts: { records: offsets.length }, samples: {} },
  expireAt: undefined,
});

const upTo = (end: number, from = 0): number[] => Array.from({ length: end - from }, (_, index) => from + index);

test('at rest the total is what a count of the documents says, counted in part, counted to the end, and of new partitions', async () => {
  const { store, add, count, total } = await freshStore();
  const isEqual = async () => expect(await total()).toBe(await store.messageReader().count('all', LIMITS));
  await add(1, [0, 1, 4, 5, 9]);
  await count(1, 5);
  expect(await total()).toBe(5);
  await add(0, upTo(20));
  await add(7, upTo(3));
  await isEqual();
  await count(0, 20);
  await count(1, 10);
  await isEqual();
  await count(7, 3);
  await add(3, [2, 8]);
  await isEqual();
  expect(await total()).toBe(30);
});

test('documents of before the first worker, and of before the figures were dropped, are counted too', async () => {
  const { add, db, count, total } = await freshStore();
  await add(0, upTo(30));
  await count(0, 10);
  await db.collection('messages.stats').deleteMany({});
  await count(0, 20);
  expect(await db.collection('messages.stats').findOne()).toMatchObject({ first: 10, upTo: 19 });
  expect(await total()).toBe(30);
});

test('while messages are stored and counted, an answer is at least what was stored before the call and at most what is stored after it', async () => {
  const { add, count, total, messages } = await freshStore();
  let end = 1;
  let isDone = false;
  await add(0, [0]);
  await count(0, 1);
  const counting = (async () => {
    while (!isDone) await count(0, end);
  })();
  const asking = (async () => {
    for (let asked = 0; !isDone || asked < 10; asked += 1) {
      const before = await messages.countDocuments({});
      const answer = (await total())!;
      const after = await messages.countDocuments({});
      expect(answer - before).toBeGreaterThanOrEqual(0);
      expect(after - answer).toBeGreaterThanOrEqual(0);
    }
  })();
  for (; end < 3000; end += 50) await add(0, upTo(end + 50, end));
  isDone = true;
  await Promise.all([counting, asking]);
  expect(await total()).toBe(3001);
});

/** Index entries and documents that MongoDB reads while `work` runs. */
const readBy = async ({ db }: Pick<Fresh, 'db'>, work: () => Promise<unknown>): Promise<number[]> => {
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const seen = await db
    .collection('system.profile')
    .find({ ns: /\.messages/ })
    .toArray();
  await db.dropCollection('system.profile');
  const sum = (field: string) => seen.reduce((all, entry) => all + Number(entry[field] ?? 0), 0);
  return [sum('keysExamined'), sum('docsExamined')];
};

test('the total reads an index entry of what nobody has counted, and no other one, however much is stored', async () => {
  const fresh = await freshStore();
  const { add, count, total } = fresh;
  const read = () => readBy(fresh, total);
  for (const partition of [0, 1]) {
    await add(partition, upTo(100));
    await count(partition, 90);
  }
  const [keys, documents] = await read();
  for (const partition of [0, 1]) {
    await add(partition, upTo(2100, 100));
    await count(partition, 2090);
  }
  expect(await total()).toBe(4200);
  expect(await read()).toEqual([keys, documents]);
  expect(keys).toBeLessThan(2 * 10 + 2 * 2 + 8);
  // The totals themselves.
  expect(documents).toBe(2);
});

test('without totals, with one that lacks its first offset, and with one that is no number nothing is said', async () => {
  const { add, count, db, total } = await freshStore();
  const totals = db.collection('messages.stats');
  await add(0, upTo(10));
  expect(await total()).toBeUndefined();
  await count(0, 5);
  await totals.updateMany({}, { $unset: { first: '' } });
  expect(await total()).toBeUndefined();
  await count(0, 10);
  expect(await total()).toBeUndefined();
  await totals.updateMany({}, { $set: { first: 0, 'counts.records': 'many' } });
  expect(await total()).toBeUndefined();
});

test('totals that are far behind, or that the size of the collection does not fit, say nothing', async () => {
  const { add, count, messages, total } = await freshStore();
  await add(0, upTo(2000));
  await count(0, 2000);
  const foreign = (from: number, length: number) =>
    messages.insertMany(
      Array.from(
        { length },
        (_, index) => ({ _id: from + index, messageId: randomUUID(), conversationId: 'x' }) as object,
      ),
    );
  await foreign(0, 1000);
  expect(await total()).toBe(2000);
  await foreign(1000, 1);
  expect(await total()).toBeUndefined();
  await messages.deleteMany({ conversationId: 'x' });
  expect(await total()).toBe(2000);
  await messages.deleteMany({ '_id.offset': { $lt: 1001 } });
  expect(await total()).toBeUndefined();

  const late = await freshStore();
  await late.add(0, [0]);
  await late.count(0, 1);
  for (let from = 0; from < 20_000; from += 2000) await late.add(1, upTo(from + 2000, from));
  expect(await late.total()).toBe(20_001);
  await late.add(1, [20_000]);
  expect(await late.total()).toBeUndefined();
});

describe('what was stored before the first worker', () => {
  const BEFORE = 30_000;
  /** Two partitions with documents that nobody has counted, and some that a worker has. */
  const withHistory = async (): Promise<Fresh> => {
    const fresh = await freshStore();
    for (const partition of [0, 4]) {
      for (let from = 0; from < BEFORE; from += 2000)
        // Not every place has a document: some records became dead letters.
        await fresh.add(
          partition,
          upTo(from + 2000, from).filter((offset) => offset % 10 > 0 && (offset < 9000 || offset > 21_000)),
        );
      await fresh.add(partition, upTo(BEFORE + 10, BEFORE));
      fresh.beginAt(partition, BEFORE);
      await fresh.count(partition, BEFORE + 10);
    }
    return fresh;
  };
  const countAll = async ({ earlier }: Fresh, piece: number): Promise<number> => {
    let pieces = 0;
    while (await earlier(openFence(1), piece)) pieces += 1;
    return pieces;
  };

  test('is counted once, in bounded pieces; from then on the total is exact and reads none of it', async () => {
    const fresh = await withHistory();
    const { total, store, messages, earlier } = fresh;
    expect(await total()).toBeUndefined();
    const [keys = 0, documents] = await readBy(fresh, () => earlier(openFence(1), 2000));
    // The entries of one piece, and those that begin and end its ranges.
    expect(keys).toBeLessThanOrEqual(2000 + 10);
    // The totals: the piece is read from the index alone.
    expect(documents).toBeLessThanOrEqual(4);
    // Ten pieces of each partition: the stretch without documents takes none.
    expect(await countAll(fresh, 2000)).toBe(2 * 10 - 1);
    const all = await messages.countDocuments({});
    expect(await total()).toBe(all);
    expect(await store.messageReader().count('all', LIMITS)).toBe(all);
    const [rest = Infinity] = await readBy(fresh, total);
    expect(rest).toBeLessThan(20);
  }, 60_000);

  test('is added once by any number of workers at once that count other pieces', async () => {
    const fresh = await withHistory();
    const { total, messages, db } = fresh;
    await Promise.all([500, 700, 3000, 3000].map((piece) => countAll(fresh, piece)));
    expect(await total()).toBe(await messages.countDocuments({}));
    for (const places of await db.collection('messages.stats').find({}).toArray())
      expect(places).toMatchObject({ earlierFrom: 0, first: BEFORE, counts: { records: 10 } });
  }, 60_000);

  test('is left alone by a leader whose lease is over or of an earlier term, and counted anew where somebody has changed the sum', async () => {
    const fresh = await withHistory();
    const { total, messages, db, earlier } = fresh;
    const totals = db.collection('messages.stats');
    // They were made in term 1.
    await earlier(openFence(0), 50_000);
    await earlier({ ...openFence(1), beginByMs: 1, expiresAtMs: 1001 }, 50_000);
    expect(await totals.countDocuments({ earlierFrom: { $exists: true } })).toBe(0);
    while (await earlier(openFence(1), 50_000));
    await totals.updateMany({}, { $set: { earlier: 'many' } });
    expect(await total()).toBeUndefined();
    while (await earlier(openFence(1), 50_000));
    expect(await total()).toBe(await messages.countDocuments({}));
    // A worker that counts on keeps it.
    await fresh.add(0, [BEFORE + 10]);
    await fresh.count(0, BEFORE + 11);
    expect(await total()).toBe(await messages.countDocuments({}));
  }, 60_000);
});
