import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { LEASES_COLLECTION, metricsLeaseOf } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { readTrail } from './term.trail.ts';

const mongoUri = testServers().mongoUri;
const database = `wiber-${randomUUID().slice(0, 8)}`;
const topic = 'chat';
const client = new mongoose.mongo.MongoClient(mongoUri);

afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

test('the oplog of a real mongod shows each change of the lease and the term of each write of a figure, in their order', async () => {
  const leases = client.db(database).collection<{ _id: string }>(LEASES_COLLECTION);
  const windows = client.db(database).collection<{ _id: { start: number } }>('messages.stats');
  const [lease, window] = [{ _id: metricsLeaseOf(topic, 'messages') }, { _id: { start: 0 } }];
  const upsert = { upsert: true };
  // Many more fields than change, so that the oplog has the changes alone.
  const filler = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`field${index}`, 'x'.repeat(20)]));
  await leases.updateOne(lease, [{ $replaceWith: { ...lease, ...filler, term: 1, claim: 'a' } }], upsert);
  await windows.updateOne(window, [{ $replaceWith: { ...window, ...filler, lastTerm: 1, upTo: 1 } }], upsert);
  await windows.updateOne(window, [{ $replaceWith: { $mergeObjects: ['$$ROOT', { upTo: 2 }] } }], upsert);
  await windows.updateOne(window, [{ $replaceWith: { $mergeObjects: ['$$ROOT', { upTo: 2 }] } }], upsert);
  await leases.updateOne(lease, [{ $unset: 'claim' }]);
  await leases.updateOne(lease, [{ $replaceWith: { $mergeObjects: ['$$ROOT', { term: 2, claim: 'b' }] } }]);
  await windows.updateOne(window, [{ $replaceWith: { ...window, lastTerm: 2 } }]);
  const document = `${database}.messages.stats {"start":0}`;
  expect(await readTrail({ mongoUri, database, collection: 'messages', topic })).toEqual([
    { type: 'lease', term: 1, claim: 'a' },
    { type: 'effect', document, term: 1 },
    { type: 'effect', document, term: 1 },
    { type: 'lease', term: 1, claim: undefined },
    { type: 'lease', term: 2, claim: 'b' },
    { type: 'effect', document, term: 2 },
  ]);
});

test('an oplog that does not have the begin of a lease is refused: it proves nothing', async () => {
  await expect(readTrail({ mongoUri, database, collection: 'messages', topic: 'none' })).rejects.toThrow(
    'the oplog does not reach back to the begin of the lease',
  );
});
