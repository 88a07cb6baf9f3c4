import { randomUUID } from 'node:crypto';
import mongoose, { type mongo } from 'mongoose';
import { LEASES_COLLECTION, metricsLeaseOf } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { deleteLease } from './lease.editor.ts';
import { readLeadershipTrace } from './leadership.reader.ts';

const { mongoUri } = testServers();
const topic = 'chat';
const names = { mongoUri, database: `wiber-${randomUUID().slice(0, 8)}`, collection: 'messages', topic };
const { MongoClient } = mongoose.mongo;
const clients = { one: new MongoClient(mongoUri), other: new MongoClient(mongoUri) };

const collectionOf = <Id>(client: mongo.MongoClient, name: string) =>
  client.db(names.database).collection<{ _id: Id }>(name);

/** A whole lease each time, as the product writes it: MongoDB decides whether the oplog has all of it or the difference. */
const writeLease = (client: mongo.MongoClient, fields: object) =>
  collectionOf<string>(client, LEASES_COLLECTION).findOneAndUpdate(
    { _id: metricsLeaseOf(topic, names.collection) },
    [{ $replaceWith: { _id: '$_id', recent: [{ padding: 'x'.repeat(200) }], ...fields } }],
    { upsert: true },
  );
const count = (client: mongo.MongoClient, start: number, term: number) =>
  collectionOf<{ topic: string; start: number }>(client, 'messages.stats').bulkWrite([
    {
      updateOne: {
        filter: { _id: { topic, start } },
        update: [{ $set: { upTo: { $add: [{ $ifNull: ['$upTo', 0] }, 1] }, term: { $max: ['$term', term] } } }],
        upsert: true,
      },
    },
  ]);

afterAll(async () => {
  await clients.one.db(names.database).dropDatabase();
  await Promise.all([clients.one.close(), clients.other.close()]);
});

test('the oplog shows every term with its holder, and which worker changed a document, also one that a higher term has changed', async () => {
  const { one, other } = clients;
  const held = { term: 1, beat: 0, claim: 'a', holder: 'metrics-1', since: 10, renewedAt: 10 };
  await writeLease(one, held);
  await count(one, 1, 1);
  await writeLease(one, { ...held, beat: 1, renewedAt: 20 });
  await writeLease(other, { term: 2, beat: 0, claim: 'b', holder: 'metrics-2', since: 50, renewedAt: 50 });
  await count(other, 1, 2);
  await count(one, 1, 1);
  await deleteLease(names);

  const { takes, writes } = await readLeadershipTrace(names);
  expect(takes).toMatchObject([
    { term: 1, holder: 'metrics-1', claim: 'a' },
    { term: 2, holder: 'metrics-2', claim: 'b', from: { term: 1, holder: 'metrics-1', renewedAt: 20 } },
  ]);
  expect(writes.map(({ kind, by }) => [kind, by])).toEqual([
    ['figures', { holder: 'metrics-1', term: 1 }],
    ['figures', { holder: 'metrics-2', term: 2 }],
    ['figures', { holder: 'metrics-1', term: 1 }],
  ]);
});
