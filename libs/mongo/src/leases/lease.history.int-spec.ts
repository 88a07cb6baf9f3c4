import { randomUUID } from 'node:crypto';
import { testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import { Store } from '../store.ts';
import type { LeaseTermDocument } from './lease-term.schema.ts';

const DAY_MS = 86_400_000;
const LEASE = 'metrics:chat';
const database = `wiber-${randomUUID().slice(0, 8)}`;
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const terms = client.db(database).collection<LeaseTermDocument>('lease_terms');
let store: Store;

beforeAll(async () => {
  const uri = testServers().mongoUri;
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 10_000, appName: 'spec' });
  await store.open();
});

afterAll(async () => {
  await store.close();
  await client.db(database).dropDatabase();
  await client.close();
});

const call = (one: Parameters<ReturnType<Store['leaseStore']>['call']>[1], holder: string) =>
  store.leaseStore().call(LEASE, one, { holder, ttlMs: 60_000, withinMs: 5000 });
const show = (limit = 10) => store.leaseReader().show(LEASE, { limit, withinMs: 10_000 });

test('a lease that nobody ever held is shown as such, and has no history to keep', async () => {
  await store.leaseHistory().keep(LEASE, DAY_MS);
  expect(await show()).toEqual({ term: 0, history: [] });
});

test('each term is kept once, with its holder, its times and how it ended, however often it is written', async () => {
  await call({ type: 'acquire', claim: 'a1', above: 0, seen: undefined }, 'ann');
  await store.leaseHistory().keep(LEASE, DAY_MS);
  expect(await terms.find().toArray()).toEqual([
    { _id: `${LEASE}:1`, lease: LEASE, term: 1, holder: 'ann', since: expect.any(Number) },
  ]);
  const seen = await call({ type: 'release', claim: 'a1', term: 1, end: 'released' }, 'ann');
  const held = await call({ type: 'acquire', claim: 'b1', above: 0, seen }, 'ben');
  await call({ type: 'steal', claim: 'a2', above: 0, seen: held!, end: 'observed' }, 'ann');
  const before = await show();
  await Promise.all([1, 2, 3].map(() => store.leaseHistory().keep(LEASE, DAY_MS)));
  const kept = await terms.find().sort({ term: 1 }).toArray();
  expect(kept).toMatchObject([
    { term: 1, holder: 'ann', end: 'released' },
    { term: 2, holder: 'ben', end: 'observed' },
    { term: 3, holder: 'ann' },
  ]);
  expect(kept.slice(0, 2).map(({ until, expireAt }) => expireAt?.getTime() === until! + DAY_MS)).toEqual([true, true]);
  expect(kept[2]).not.toHaveProperty('expireAt');
  // The lease alone shows what the history has not yet.
  expect(await show()).toEqual(before);
  expect(before).toMatchObject({
    term: 3,
    holder: { term: 3, holder: 'ann', expiresAt: expect.any(Number) },
    history: [
      { term: 2, holder: 'ben', end: 'observed' },
      { term: 1, holder: 'ann', end: 'released' },
    ],
  });
  expect((await show(1)).history).toHaveLength(1);
});

test('MongoDB deletes an ended term when its time is over, and never the lease itself', async () => {
  const indexes = await terms.indexes();
  expect(indexes.filter((index) => 'expireAfterSeconds' in index)).toMatchObject([
    { key: { expireAt: 1 }, expireAfterSeconds: 0 },
  ]);
  expect(await client.db(database).collection('leases').indexes()).toHaveLength(1);
});
