import { randomUUID } from 'node:crypto';
import { testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import { openFence } from '../fence/lease.fence.double-spec.ts';
import { Store } from '../store.ts';
import type { DeadLetterPruner } from './dead-letter.pruner.ts';
import type { DeadLetterDocument } from './dead-letter.schema.ts';

const DLQ = 'chat.dlq';
const fence = openFence();
const database = `wiber-${randomUUID().slice(0, 8)}`;
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const letters = client.db(database).collection<DeadLetterDocument>('dead_letters');
let store: Store;
let pruner: DeadLetterPruner;

beforeAll(async () => {
  const uri = testServers().mongoUri;
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 10_000, appName: 'spec' });
  await store.open();
  pruner = store.deadLetterPruner();
});

beforeEach(async () => {
  await letters.deleteMany({});
});

afterAll(async () => {
  await store.close();
  await client.db(database).dropDatabase();
  await client.close();
});

/** A letter with an entry in its trail at each of these times. */
const letter = (id: string, state: string, { at = [] as number[], topic = DLQ } = {}) =>
  ({
    _id: id,
    time: 1,
    state,
    dlq: { topic, partition: 0, offset: 1 },
    trail: at.map((one) => ({ at: one, who: 'ann', what: 'discard' })),
  }) as unknown as DeadLetterDocument;
const left = async () => (await letters.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id).sort();

test('letters that ended before a time go, and no other: not those that wait, are being replayed, ended later, or belong to another topic', async () => {
  await letters.insertMany([
    letter('discarded', 'discarded', { at: [10] }),
    letter('replayed', 'replayed', { at: [10, 99] }),
    letter('discarded-later', 'discarded', { at: [100] }),
    letter('replayed-later', 'replayed', { at: [10, 100] }),
    letter('waiting', 'waiting'),
    letter('replaying', 'replaying', { at: [10] }),
    letter('other', 'discarded', { at: [10], topic: 'other.dlq' }),
  ]);
  expect(await pruner.prune({ dlqTopic: DLQ, endedBefore: 100, limit: 10, keptMs: 0, fence })).toBe(2);
  expect(await left()).toEqual(['discarded-later', 'other', 'replayed-later', 'replaying', 'waiting']);
  expect(await pruner.prune({ dlqTopic: DLQ, endedBefore: 100, limit: 10, keptMs: 0, fence })).toBe(0);
});

test('at most so many go at once', async () => {
  await letters.insertMany(
    Array.from({ length: 5 }, (_, index) => letter(`letter-${index}`, 'discarded', { at: [1] })),
  );
  expect(await pruner.prune({ dlqTopic: DLQ, endedBefore: 100, limit: 3, keptMs: 0, fence })).toBe(3);
  expect(await pruner.prune({ dlqTopic: DLQ, endedBefore: 100, limit: 3, keptMs: 0, fence })).toBe(2);
});

test("no letter goes because the caller's clock is ahead", async () => {
  const DAY = 86_400_000;
  const now = Date.now();
  await letters.insertMany([
    letter('old', 'discarded', { at: [now - 40 * DAY] }),
    letter('new', 'discarded', { at: [now - DAY] }),
  ]);
  const ahead = { dlqTopic: DLQ, endedBefore: now + 335 * DAY, keptMs: 30 * DAY, limit: 10, fence };
  expect(await pruner.prune(ahead)).toBe(1);
  expect(await left()).toEqual(['new']);
});

test('a leader whose lease is over by the clock of MongoDB, or was renewed by another clock, deletes nothing', async () => {
  await letters.insertMany([letter('old', 'discarded', { at: [1] })]);
  const next = { dlqTopic: DLQ, endedBefore: 100, keptMs: 0, limit: 10 };
  expect(await pruner.prune({ ...next, fence: { ...fence, beginByMs: Date.now() - 60_000 } })).toBe(0);
  expect(await pruner.prune({ ...next, fence: { ...fence, renewedAtMs: Date.now() + 60_000 } })).toBe(0);
  expect(await left()).toEqual(['old']);
});
