import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { FaultyMongo, testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import { Store } from '../store.ts';
import type { ClockReportDocument } from './clock.report.schema.ts';
import { measureMembers } from './member.clocks.ts';
import type { OwnClock, StoreClocks } from './store.clocks.ts';

const WITHIN_MS = 5000;
const { mongoUri: uri } = testServers();
const client = new mongoose.mongo.MongoClient(uri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const documents = client.db(database).collection<ClockReportDocument>('messages.clocks');
const OWN: OwnClock = { offsetMs: -3.5, uncertaintyMs: 0.5, member: '$mongo-1:27017' };
const ownerOf = (topic: string, app = 'gateway', instance = 'g1') => ({ topic, app, instance });

let store: Store;
let clocks: StoreClocks;

beforeAll(async () => {
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 5000, appName: 'spec' });
  await store.open();
  clocks = store.figures.storeClocks();
});

afterAll(async () => {
  await store?.close();
  await client.close();
});

test('on one machine the clock of this process and that of the primary agree within half of the round trip', async () => {
  const { offsetMs, uncertaintyMs, member } = await clocks.own(WITHIN_MS);
  expect(Math.abs(offsetMs)).toBeLessThanOrEqual(uncertaintyMs);
  expect(uri).toContain(member);
});

test('every member is asked, and on one machine all agree', async () => {
  const { own, members, isSharded } = await clocks.members(WITHIN_MS);
  expect(isSharded).toBe(false);
  expect(members.map(({ member }) => member)).toContain(own.member);
  for (const member of members) {
    if ('reason' in member) throw new Error(`${member.member}: ${member.reason}`);
    expect(Math.abs(member.offsetMs)).toBeLessThanOrEqual(member.uncertaintyMs);
  }
});

test('a member that does not answer, or is none, is named with the reason, within the time, beside those that answer', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const silent = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const { own } = await clocks.members(WITHIN_MS);
  try {
    const start = performance.now();
    const seen = await measureMembers(client, [silent, '127.0.0.1:1', own.member], 1000);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(seen).toEqual([
      { member: silent, reason: expect.any(String) as string },
      { member: '127.0.0.1:1', reason: expect.stringContaining('ECONNREFUSED') as string },
      expect.objectContaining({ member: own.member, uncertaintyMs: expect.any(Number) as number }),
    ]);
  } finally {
    mute.close();
  }
});

test('each process has one report, the last one, with the time of MongoDB; a text that begins with $ stays a text', async () => {
  const owner = ownerOf('chat');
  await clocks.report(owner, { ...OWN, offsetMs: 9 }, WITHIN_MS);
  await clocks.report(owner, OWN, WITHIN_MS);
  await clocks.report(ownerOf('chat', 'ingest'), OWN, WITHIN_MS);
  const reports = await clocks.reported('chat', WITHIN_MS);
  const { offsetMs, uncertaintyMs, member } = OWN;
  const said = { instance: 'g1', offsetMs, uncertaintyMs, member, at: expect.any(Number) as number };
  expect(reports).toEqual([
    { app: 'gateway', ...said },
    { app: 'ingest', ...said },
  ]);
  for (const { at } of reports) expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
});

test('the reports of other topics, whose names begin alike, are not shown', async () => {
  await clocks.report(ownerOf('talk'), OWN, WITHIN_MS);
  for (const topic of ['talk.2', 'talk-2', 'talk0', 'tal']) await clocks.report(ownerOf(topic), OWN, WITHIN_MS);
  expect(await clocks.reported('talk', WITHIN_MS)).toHaveLength(1);
});

test('a report that is five minutes old, or that has no time, is deleted, and no other topic loses any', async () => {
  for (const instance of ['old', 'odd', 'new'])
    await clocks.report(ownerOf('past', 'gateway', instance), OWN, WITHIN_MS);
  await clocks.report(ownerOf('other'), OWN, WITHIN_MS);
  const at = Date.now() - 301_000;
  await documents.updateMany({ _id: { $in: ['past/gateway/old', 'other/gateway/g1'] } }, { $set: { at } });
  await documents.updateOne({ _id: 'past/gateway/odd' }, { $unset: { at: 1 } });
  expect((await clocks.reported('past', WITHIN_MS)).map(({ instance }) => instance)).toEqual(['new']);
  expect(await documents.countDocuments({ _id: /^(past|other)/ })).toBe(2);
});

test('documents that somebody else wrote there show nothing and break nothing; of very many 500 are read', async () => {
  const at = Date.now() + 60_000;
  const right = { offsetMs: 1, uncertaintyMs: 1, member: 'm', at };
  const odd = [
    { ...right, _id: 'odd/gateway' },
    { ...right, _id: 'odd/gateway/a/b' },
    { ...right, _id: 'odd/gateway/nan', offsetMs: NaN },
    { ...right, _id: 'odd/gateway/text', offsetMs: 'soon' },
    { ...right, _id: 'odd/gateway/object', uncertaintyMs: {} },
    { ...right, _id: 'odd/gateway/member', member: 7 },
    { ...right, _id: 'odd/gateway/long', member: 'x'.repeat(100_000) },
  ];
  await documents.insertMany(odd as unknown as ClockReportDocument[]);
  const shown = await clocks.reported('odd', WITHIN_MS);
  expect(shown.map(({ instance, member }) => [instance, member.length])).toEqual([['long', 300]]);
  await documents.insertMany(Array.from({ length: 600 }, (_, index) => ({ ...right, _id: `many/gateway/g${index}` })));
  expect(await clocks.reported('many', WITHIN_MS)).toHaveLength(500);
});

test('while MongoDB hangs each call ends in its time, and opens no breaker of messages', async () => {
  const mongo = await FaultyMongo.start(uri);
  const hung = Store.connect({
    uri: mongo.uri,
    database,
    collection: 'messages',
    serverSelectionMs: 5000,
    appName: 's',
  });
  try {
    await hung.open();
    hung.messageWriter();
    const stuck = hung.figures.storeClocks();
    mongo.commandFault = () => 'hang';
    for (let call = 0; call < 10; call += 1)
      await expect(stuck.own(50)).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(stuck.report(ownerOf('hung'), OWN, 50)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(hung.breakers.map(({ state }) => state)).toEqual(['closed']);
  } finally {
    mongo.commandFault = () => 'pass';
    await hung.close();
    await mongo.close();
  }
});
