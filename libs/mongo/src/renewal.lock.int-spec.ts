import { randomUUID } from 'node:crypto';
import { testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import { withRenewalLock, type RenewalLockDocument } from './renewal.lock.ts';

const { MongoClient, Long, MaxKey, Timestamp } = mongoose.mongo;
const client = new MongoClient(testServers().mongoUri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const locks = client.db(database).collection<RenewalLockDocument>('leases');

afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

test.each<[string, unknown]>([
  ['a text', 'abc'],
  ['a list', [new Date(8e15)]],
  ['the largest key', new MaxKey()],
  ['a time stamp of the log', new Timestamp(Long.MAX_VALUE)],
  ['a pattern', /x/],
  ['a date in a year', new Date(Date.now() + 31_536_000_000)],
])('a lock that somebody set to %s keeps no index from being built anew', async (name, until) => {
  await locks.insertOne({ _id: name, holder: 'somebody', until: until as Date });
  const work = withRenewalLock({ locks, name, signal: AbortSignal.timeout(4000) }, async () => undefined);
  await expect(work).resolves.toBeUndefined();
});

test('a lock that another process holds is awaited', async () => {
  await locks.insertOne({ _id: 'held', holder: 'another', until: new Date(Date.now() + 30_000) });
  const work = withRenewalLock({ locks, name: 'held', signal: AbortSignal.timeout(300) }, async () => undefined);
  await expect(work).rejects.toThrow('aborted');
});

test('work whose lock another process has taken does no step more, and leaves the lock to that one', async () => {
  const name = 'taken';
  const steps: string[] = [];
  const another = { holder: 'another', until: new Date(Date.now() + 30_000) };
  await withRenewalLock({ locks, name, signal: AbortSignal.timeout(4000) }, async (confirm) => {
    await confirm();
    steps.push('with the lock');
    await locks.updateOne({ _id: name }, { $set: another });
    await confirm();
    steps.push('without it');
  });
  expect(steps).toEqual(['with the lock']);
  expect(await locks.findOne({ _id: name })).toEqual({ _id: name, ...another });
});

test('work whose lock ran out, and that nobody else has taken, goes on', async () => {
  const name = 'ran out';
  const steps: string[] = [];
  await withRenewalLock({ locks, name, signal: AbortSignal.timeout(4000) }, async (confirm) => {
    await locks.updateOne({ _id: name }, { $set: { until: new Date(0) } });
    await confirm();
    steps.push('went on');
  });
  expect(steps).toEqual(['went on']);
});
