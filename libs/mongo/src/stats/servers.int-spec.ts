import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { testServers } from '@wiber/harness';
import { openFence } from '../fence/lease.fence.double-spec.ts';
import { Store } from '../store.ts';

const LIMITS = { withinMs: 5000 };
const { mongoUri: uri } = testServers();
const client = new mongoose.mongo.MongoClient(uri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
let store: Store;

beforeAll(async () => {
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 5000, appName: 'spec' });
  await store.open();
});

afterAll(async () => {
  await store?.close();
  await client.close();
});

const snapshotOf = (name: string) => ({ unknown: [], replicaSet: { name, members: [] } });

test('the last look of the newest leader is kept; one of an earlier term changes nothing', async () => {
  const servers = store.figures.serversStore();
  expect(await servers.read('chat', LIMITS)).toBeUndefined();
  await servers.write('chat', { fence: openFence(2), snapshot: snapshotOf('first') });
  const seen = await servers.write('chat', {
    fence: openFence(3),
    snapshot: { unknown: [{ part: 'log', reason: '$refused' }] },
  });
  expect(seen).toMatchObject({ term: 3, unknown: [{ part: 'log', reason: '$refused' }] });
  // A part that is unknown now is not shown as it was.
  expect(seen).not.toHaveProperty('replicaSet');
  expect(Math.abs(seen.seenAt - Date.now())).toBeLessThan(60_000);
  const late = servers.write('chat', { fence: openFence(2), snapshot: snapshotOf('late') });
  await expect(late).rejects.toMatchObject({ code: 'fenced', storedTerm: 3 });
  expect(await servers.read('chat', LIMITS)).toEqual(seen);
});

test('the replica set is shown with its members, and how far each is behind the primary', async () => {
  const { name, members } = await store.figures.storeLook().replicaSet(5000);
  expect(name.length).toBeGreaterThan(0);
  const primary = members.find(({ state }) => state === 'PRIMARY');
  expect(primary).toMatchObject({ isHealthy: true, lagMs: 0 });
});

test('the collections that exist are shown with their sizes and the names of their indexes', async () => {
  await client
    .db(database)
    .collection('messages')
    .insertOne({ text: 'x'.repeat(1000) });
  const sizes = new Map((await store.figures.storeLook().sizes(5000)).map((size) => [size.collection, size]));
  const messages = sizes.get('messages')!;
  expect(messages.documents).toBe(1);
  expect(messages.bytes).toBeGreaterThan(1000);
  expect(messages.indexes.map(({ index }) => index)).toEqual(expect.arrayContaining(['_id_', 'message_once']));
  expect(sizes.has('messages.progress')).toBe(false);
});

test('the disk of the primary is shown with its size and what is free', async () => {
  const { bytes, freeBytes } = await store.figures.storeLook().disk(5000);
  expect(freeBytes).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThan(freeBytes);
});

test('open dead letters are counted by reason, of their topic only; those that were decided on are not', async () => {
  const letters = client.db(database).collection('dead_letters');
  const letter = (topic: string, reason: string, state: string) => ({ dlq: { topic }, reason, state });
  await letters.insertMany([
    letter('chat.dlq', 'schema', 'waiting'),
    letter('chat.dlq', 'schema', 'replaying'),
    letter('chat.dlq', 'schema', 'replayed'),
    letter('chat.dlq', 'unreadable', 'waiting'),
    letter('other.dlq', 'unreadable', 'waiting'),
  ]);
  const open = await store.figures.storeLook().openLetters('chat.dlq', 5000);
  expect({ ...open, reasons: open.reasons.toSorted((a, b) => b.count - a.count) }).toEqual({
    open: 3,
    isExact: true,
    reasons: [
      { reason: 'schema', count: 2 },
      { reason: 'unreadable', count: 1 },
    ],
  });
});
