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
const odd: { id: string; reason: string }[] = [];
let store: Store;

beforeAll(async () => {
  const uri = testServers().mongoUri;
  const settings = { uri, database, collection: 'messages', serverSelectionMs: 10_000, appName: 'spec' };
  store = Store.connect(settings, { onOddLease: (document) => void odd.push(document) });
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

test('what somebody changed in a lease or its terms is left out, counted, and named once with what to do', async () => {
  await client
    .db(database)
    .collection('leases')
    .updateOne({ _id: LEASE as never }, { $set: { recent: 'abc', since: 'x' } });
  await terms.insertMany([
    { _id: 'by-hand', lease: LEASE, term: 'zzz', until: 1 },
    { _id: 'half', lease: LEASE, term: 2.5, holder: 5, since: 1 },
  ] as unknown as LeaseTermDocument[]);
  const { unreadableReads: before } = store;
  await store.leaseHistory().keep(LEASE, DAY_MS);
  await store.leaseHistory().keep(LEASE, DAY_MS);
  const shown = await show();
  expect(shown.history.map(({ term }) => term)).toEqual([2, 1]);
  expect(shown).toMatchObject({ term: 3, holder: { holder: 'ann', since: 0 } });
  expect(store.unreadableReads - before).toBe(2 * 3 + 1);
  expect(odd.map(({ id }) => id).sort()).toEqual(['"by-hand"', '"half"', `"${LEASE}"`]);
  for (const { reason } of odd) expect(reason).toMatch(/; (delete|remove) it$/);
  expect(odd.find(({ id }) => id === `"${LEASE}"`)?.reason).toMatch(/^recent, since of the document in leases has/);
});
