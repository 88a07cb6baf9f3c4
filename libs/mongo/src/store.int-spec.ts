import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { toStored } from '@wiber/contracts';
import { FaultyMongo, LATE_MS, eventually, testServers } from '@wiber/harness';
import { StoreFormatError, StoreSetupError, StoreUnavailableError } from './connection/mongo.errors.ts';
import type { MultikeyIndex } from './multikey.indexes.ts';
import type { DeletedRepeats } from './repeated.messages.ts';
import { Store } from './store.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const database = `wiber-${randomUUID().slice(0, 8)}`;
const settings = {
  uri: testServers().mongoUri,
  database,
  collection: 'messages',
  serverSelectionMs: 500,
  appName: 'spec',
};

const newMessage = () => ({
  messageId: randomUUID() as string,
  fromUser: 'ann',
  toUser: 'ben',
  content: 'hi',
  timestamp: 1,
  lamport: 1,
});

afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

test('a store that was made is opened again and again, by several processes at once', async () => {
  const stores = [1, 2, 3].map(() => Store.connect(settings));
  await Promise.all(stores.map((store) => store.open()));
  await stores[0]!.open();
  await Promise.all(stores.map((store) => store.ping()));
  await Promise.all(stores.map((store) => store.close()));
});

test('a store opens although its indexes take longer to build than MongoDB has for an answer', async () => {
  const mongo = await FaultyMongo.start(testServers().mongoUri);
  let builds = 0;
  mongo.commandFault = (command) => ('createIndexes' in command && (builds += 1) === 1 ? 'late' : 'pass');
  const store = Store.connect({
    ...settings,
    uri: mongo.uri,
    collection: 'large',
    serverSelectionMs: 5000,
    answerMs: LATE_MS - 1000,
  });
  await store.open().finally(async () => {
    await store.close();
    await mongo.close();
  });
  // One for each collection that has indexes.
  expect(builds).toBe(5);
});

test('collections that are dropped under a writer are made again with their indexes, and said', async () => {
  const lost: string[] = [];
  const store = Store.connect(
    { ...settings, collection: 'dropped' },
    { onCollectionsLost: (names) => void lost.push(...names) },
  );
  await store.open();
  const writer = store.messageWriter();
  let offset = 0;
  const write = () => writer.store([toStored(newMessage(), { partition: 0, offset: (offset += 1) }, { storedAt: 1 })]);
  await write();
  for (const name of ['dropped', 'dropped.activity']) await client.db(database).dropCollection(name);
  await eventually(async () => {
    await write();
    expect(lost.sort()).toEqual(['dropped', 'dropped.activity']);
  });
  const indexes = await client.db(database).collection('dropped').indexes();
  expect(indexes.find(({ name }) => name === 'message_once')).toMatchObject({ unique: true });
  expect(await client.db(database).collection('dropped.activity').countDocuments()).toBe(2);
  await store.close();
});

test('a record that is stored twice while its collection was dropped keeps no writer waiting: the index is made, and the first of each message stays', async () => {
  const collection = 'repeated';
  const repeats: DeletedRepeats[] = [];
  const store = Store.connect(
    { ...settings, collection },
    { onRepeatsDeleted: (deleted) => void repeats.push(deleted) },
  );
  await store.open();
  const writer = store.messageWriter();
  const write = (offset: number, { messageId = randomUUID() as string, content = 'hi' } = {}) => {
    const body = { messageId, fromUser: 'ann', toUser: 'ben', content, timestamp: 1, lamport: 1 };
    return writer.store([toStored(body, { partition: 0, offset }, { storedAt: 1 })]);
  };
  await write(0);
  const db = client.db(database);
  await db.dropCollection(collection);
  const [messageId, conflict] = [randomUUID(), randomUUID()];
  for (const offset of [11, 9, 10]) await write(offset, { messageId });
  await write(12, { messageId: conflict, content: 'first' });
  await write(13, { messageId: conflict, content: 'second' });
  let offset = 20;
  await eventually(async () => {
    await write((offset += 1));
    expect(repeats).toEqual([{ deleted: 3, conflicts: ['0/13'] }]);
  });
  expect(await write(11, { messageId })).toMatchObject({ stored: 0, alreadyStored: 1 });
  const places = await db.collection<{ _id: { offset: number } }>(collection).find().sort({ _id: 1 }).toArray();
  expect(places.map(({ _id }) => _id.offset).slice(0, 2)).toEqual([9, 12]);
  const indexes = await db.collection(collection).indexes();
  expect(indexes.find(({ name }) => name === 'message_once')).toMatchObject({ unique: true });
  await store.close();
});

test.each<[string, string, mongoose.mongo.CreateCollectionOptions]>([
  ['messages that ignore case', 'c', { collation: { locale: 'en', strength: 1 } }],
  ['capped messages', 'c', { capped: true, size: 4096 }],
  ['messages as a time series', 'c', { timeseries: { timeField: 't' } }],
  ['activity that ignores case', 'c.activity', { collation: { locale: 'en', strength: 1 } }],
  ['capped activity', 'c.activity', { capped: true, size: 4096 }],
  ['activity as a view', 'c.activity', { viewOn: 'messages', pipeline: [] }],
  ['activity as a time series', 'c.activity', { timeseries: { timeField: 't' } }],
  ['activity with a validator', 'c.activity', { validator: { never: true } }],
  ['capped dead letters', 'dead_letters', { capped: true, size: 4096 }],
])('%s, made by somebody, stop the start with one line that names the collection', async (what, name, options) => {
  const own = `${database}-${randomUUID().slice(0, 4)}`;
  await client.db(own).createCollection(name, options);
  const store = Store.connect({ ...settings, database: own, collection: 'c' });
  const refused = store.open();
  await expect(refused).rejects.toThrow(StoreSetupError);
  await expect(refused).rejects.toThrow(`the collection ${own}.${name} `);
  await store.close();
  await client.db(own).dropDatabase();
});

test.each<[string, string, (store: Store) => Promise<unknown>]>([
  [
    'the activity',
    'c.activity',
    (store) => store.messageWriter().store([toStored(newMessage(), { partition: 0, offset: 1 }, { storedAt: 1 })]),
  ],
  [
    'the leases',
    'leases',
    (store) => {
      const take = { type: 'acquire', claim: 'a', above: 0, seen: undefined } as const;
      return store.leaseStore().call('x', take, { holder: 'ann', ttlMs: 1000, withinMs: 5000 });
    },
  ],
])('a validator that somebody puts on %s under a running process is named with what to do', async (_, name, write) => {
  const own = `${database}-${randomUUID().slice(0, 4)}`;
  const odd: string[] = [];
  const store = Store.connect(
    { ...settings, database: own, collection: 'c' },
    { onOddCollection: ({ message }) => void odd.push(message) },
  );
  await store.open();
  const db = client.db(own);
  if (name === 'leases') await db.createCollection(name);
  await db.command({ collMod: name, validator: { never: true } });
  await expect(write(store)).rejects.toThrow(StoreUnavailableError);
  await eventually(() => expect(odd).toHaveLength(1));
  expect(odd[0]).toBe(
    `the collection ${own}.${name} has a validator, which may refuse what Wiber writes; take it off with ` +
      `db.runCommand({ collMod: '${name}', validator: {} })`,
  );
  await db.command({ collMod: name, validator: {} });
  await write(store);
  await store.close();
  await db.dropDatabase();
});

/** All indexes but those of an _id. */
const indexesIn = async (db: mongoose.mongo.Db): Promise<string[]> => {
  const names: string[] = [];
  for (const { name: collection } of await db.listCollections().toArray())
    for (const { name = '', key } of await db.collection(collection).indexes())
      if (!('_id' in key)) names.push(`${collection}.${name}`);
  return names.sort();
};

test('an index that is dropped under a reader is made again and said; until then no word of the server reaches a client', async () => {
  const db = client.db(`${database}-indexes`);
  const lost: string[] = [];
  const refused: Error[] = [];
  const store = Store.connect(
    { ...settings, database: db.databaseName },
    { onIndexesLost: (names) => void lost.push(...names), onRefused: (error) => void refused.push(error) },
  );
  await store.open();
  const reader = store.messageReader();
  const read = () =>
    reader.conversationPage(['ann', 'ben'], { sort: 'timestamp', order: 'asc', skip: 0, limit: 5, withinMs: 2000 });
  await db.collection('messages').insertOne({ conversationId: 'ann:ben' });
  const made = await indexesIn(db);
  for (const { name } of await db.listCollections().toArray()) await db.collection(name).dropIndexes();
  const error = await read().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(error).toMatchObject({ message: 'MongoDB lacks an index, which is made again; try again later' });
  expect(refused).toEqual([expect.objectContaining({ code: 2, message: expect.not.stringContaining('ann:ben') })]);
  await eventually(async () => expect(await read()).toBeDefined());
  await eventually(async () => expect(await indexesIn(db)).toEqual(made));
  expect(lost.sort()).toEqual(made);
  await db.dropDatabase();
  await store.close();
});

test('an index that is hidden, under a reader or before a start, answers reads again and is said', async () => {
  const db = client.db(`${database}-hidden`);
  const lost: string[] = [];
  const connect = () =>
    Store.connect({ ...settings, database: db.databaseName }, { onIndexesLost: (names) => void lost.push(...names) });
  const hide = (collection: string, name: string) => db.command({ collMod: collection, index: { name, hidden: true } });
  const hidden = async (collection: string) =>
    (await db.collection(collection).indexes()).flatMap((index) => (index['hidden'] ? [index.name] : []));
  const store = connect();
  await store.open();
  await hide('messages', 'conversation_by_time');
  const query = { sort: 'timestamp', order: 'asc', skip: 0, limit: 5, withinMs: 2000 } as const;
  const read = () => store.messageReader().conversationPage(['ann', 'ben'], query);
  await expect(read()).rejects.toThrow(StoreUnavailableError);
  await eventually(async () => expect(await read()).toBeDefined());
  expect(await hidden('messages')).toEqual([]);
  expect(lost).toEqual(['messages.conversation_by_time']);
  await store.close();

  await hide('lease_terms', 'terms_newest');
  const next = connect();
  await next.open();
  expect(await hidden('lease_terms')).toEqual([]);
  await db.dropDatabase();
  await next.close();
});

test.each<[string, mongoose.mongo.IndexDescription]>([
  ['another key', { key: { toUser: 1 } }],
  ['only some documents', { key: { messageId: 1 }, unique: true, partialFilterExpression: { lamport: { $gt: 5 } } }],
  ['only documents with a field', { key: { messageId: 1 }, unique: true, sparse: true }],
  ['no uniqueness', { key: { messageId: 1 } }],
  ['another collation', { key: { messageId: 1 }, unique: true, collation: { locale: 'en' } }],
  ['an end for its documents', { key: { messageId: 1 }, unique: true, expireAfterSeconds: 9e8 }],
])(
  'an index that somebody makes anew with %s, under its name, is said while ingest writes, with the reason',
  async (_, index) => {
    const name = `form-${randomUUID().slice(0, 8)}`;
    const lost: string[] = [];
    const failed: unknown[] = [];
    const store = Store.connect(
      { ...settings, collection: name },
      { onIndexesLost: (names) => void lost.push(...names), onIndexesFailed: (error) => void failed.push(error) },
    );
    await store.open();
    const collection = client.db(database).collection(name);
    await collection.dropIndex('message_once');
    await collection.createIndexes([{ ...index, name: 'message_once' }]);
    const message = newMessage();
    await store.messageWriter().store([toStored(message, { partition: 0, offset: 1 }, { storedAt: 1 })]);
    await eventually(() => expect(failed).toHaveLength(1));
    expect(lost).toEqual([`${name}.message_once`]);
    expect(failed[0]).toMatchObject({ message: expect.stringMatching(/can't be made: .*; drop what is in the way/) });
    await store.close();
  },
);

test('the unique index that is dropped under a writer is made again while it writes', async () => {
  const lost: string[] = [];
  const store = Store.connect(
    { ...settings, collection: 'rewritten' },
    { onIndexesLost: (names) => void lost.push(...names) },
  );
  await store.open();
  const writer = store.messageWriter();
  const collection = client.db(database).collection('rewritten');
  await collection.dropIndex('message_once');
  const message = newMessage();
  await writer.store([toStored(message, { partition: 0, offset: 1 }, { storedAt: 1 })]);
  await eventually(async () => {
    expect((await collection.indexes()).find(({ name }) => name === 'message_once')).toMatchObject({ unique: true });
  });
  expect(lost).toEqual(['rewritten.message_once']);
  await store.close();
});

test('a store in the format of an earlier version is refused with one line that says what to do', async () => {
  const collection = 'old';
  const old = client.db(database).collection(collection);
  await old.createIndex({ partition: 1, offset: 1 }, { name: 'log_position' });
  await old.insertOne({ messageId: randomUUID(), partition: 0, offset: 0 });
  const store = Store.connect({ ...settings, collection });
  const refused = store.open();
  await expect(refused).rejects.toThrow(StoreFormatError);
  await expect(refused).rejects.toThrow(
    /^\S+\.old holds .* run `npm run rebuild -- --to-collection old_2`.*MONGO_COLLECTION=old_2$/,
  );
  await store.close();
});

test.each([
  ['conversation_by_time', 'timestamp', { timestamp: [1, 2] }],
  ['conversation_by_lamport', 'lamport', { lamport: [1, 2] }],
  ['conversation_by_log', 'conversationId', { conversationId: ['a:b', 'c:d'] }],
  ['message_once', 'messageId', { messageId: [1, 2] }],
])(
  'the index %s is said at each opening after a document had an array as its %s, also once that is deleted',
  async (index, field, document) => {
    const collection = `multikey-${field}`;
    const open = async () => {
      const said: MultikeyIndex[] = [];
      const store = Store.connect({ ...settings, collection }, { onMultikey: (multikey) => void said.push(multikey) });
      await store.open();
      await store.close();
      return said;
    };
    expect(await open()).toEqual([]);
    const documents = client.db(database).collection(collection);
    const { insertedId } = await documents.insertOne(document);
    expect(await open()).toContainEqual({ index, fields: [field] });
    await documents.deleteOne({ _id: insertedId });
    expect(await open()).toContainEqual({ index, fields: [field] });
    await documents.dropIndexes();
    expect(await open()).toEqual([]);
  },
);

test('a store that is away is reported as such each time, and nothing waits for it without an end', async () => {
  const store = Store.connect({ ...settings, uri: 'mongodb://127.0.0.1:1/?directConnection=true' });
  await expect(store.open()).rejects.toThrow(StoreUnavailableError);
  await expect(store.open()).rejects.toThrow(StoreUnavailableError);
  await expect(store.ping()).rejects.toThrow(StoreUnavailableError);
  await expect(store.messageReader().byId(randomUUID(), { withinMs: 500 })).rejects.toThrow(StoreUnavailableError);
  await store.close();
});

test('the empty collection of an earlier version is taken over', async () => {
  const collection = 'empty';
  const old = client.db(database).collection(collection);
  await old.createIndex({ messageId: 1 }, { name: 'message_once', unique: true });
  await old.createIndex({ partition: 1, offset: 1 }, { name: 'log_position' });
  const store = Store.connect({ ...settings, collection });
  await store.open();
  expect((await old.indexes()).map(({ name }) => name)).not.toContain('log_position');
  await store.close();
});

test.each<[string, (name: string) => Promise<unknown>]>([
  [
    'an index of the same key under another name',
    (name) => client.db(database).collection(name).createIndex({ messageId: 1 }, { name: 'mine', unique: true }),
  ],
  [
    'documents that forbid the unique index',
    (name) =>
      client
        .db(database)
        .collection<{ messageId: number }>(name)
        .insertMany([{ messageId: 1 }, { messageId: 1 }]),
  ],
  ['a view', (name) => client.db(database).createCollection(name, { viewOn: 'messages', pipeline: [] })],
])('%s is one line that names it, and is not tried for ever', async (what, make) => {
  const collection = `setup-${what.length}`;
  await make(collection);
  const store = Store.connect({ ...settings, collection });
  await expect(store.open()).rejects.toThrow(StoreSetupError);
  await expect(store.open()).rejects.toThrow(`the indexes of ${database}.${collection} can't be made: `);
  await store.close();
});

test('a database whose name another has in another case is one line that says what to set, and is not tried for ever', async () => {
  await client.db(database).createCollection('there');
  const store = Store.connect({ ...settings, database: database.toUpperCase() });
  await expect(store.open()).rejects.toThrow(StoreSetupError);
  await expect(store.open()).rejects.toThrow(/differs from MONGO_DB only in .*; set MONGO_DB to that name/);
  await store.close();
});

test('a user that MongoDB does not know is one line that says so, without the password, and is not tried for ever', async () => {
  const uri = settings.uri.replace('mongodb://', 'mongodb://ann:hidden@');
  const store = Store.connect({ ...settings, uri });
  await expect(store.open()).rejects.toThrow(StoreSetupError);
  await expect(store.open()).rejects.toThrow(/^MongoDB refuses the user of MONGO_URI: (?!.*hidden)/);
  await store.close();
});

test('a replica set of another name is one line that names it, and is not tried for ever', async () => {
  const uri = `${settings.uri.split('?')[0]}?replicaSet=another`;
  const store = Store.connect({ ...settings, uri });
  await expect(store.open()).rejects.toThrow(StoreSetupError);
  await expect(store.open()).rejects.toThrow("no server of MONGO_URI is a member of the replica set 'another'");
  await store.close();
});

test.each([
  'mongodb://user:p@ss@host/',
  'mongodb://%zz/',
  'mongodb://127.0.0.1:1/?foo=bar',
  'mongodb://127.0.0.1:1/?minPoolSize=50',
  `${settings.uri.replace(/\?.*/, '')}?loadBalanced=true`,
])('the URI %s is one line that says what is wrong, and is not tried for ever', async (uri) => {
  const store = Store.connect({ ...settings, uri });
  await expect(store.open()).rejects.toThrow(StoreSetupError);
  await expect(store.open()).rejects.toThrow(/^MONGO_URI can't be used: (?!.*p@ss)/);
  await store.close();
});

test.each<[string, RegExp]>([
  ['tls=true&tlsCertificateKeyFile=/no/such', /can't be read: \/no\/such \(ENOENT\)/],
  ['tls=true&tlsCAFile=/no/such', /can't be read: \/no\/such \(ENOENT\)/],
  ['tls=true&tlsCertificateKeyFile=/etc/passwd', /certificate or key of MONGO_URI can't be used: .*PEM/],
  ['timeoutMS=1', /^MONGO_URI has timeoutMS; remove it/],
])('the option %s of the URI is one line that says what to mend, and is not tried for ever', async (option, line) => {
  const store = Store.connect({ ...settings, uri: `${settings.uri}&${option}` });
  await expect(store.open()).rejects.toThrow(StoreSetupError);
  await expect(store.open()).rejects.toThrow(line);
  await store.close();
});

test('a short wait for a connection in the URI does not keep the store from opening', async () => {
  const store = Store.connect({ ...settings, uri: `${settings.uri}&waitQueueTimeoutMS=1` });
  await store.open();
  await store.close();
});

test('a read preference that no member fits fails the ping of a process that reads, and is said once', async () => {
  const said: unknown[] = [];
  const store = Store.connect(
    { ...settings, readPreference: { mode: 'secondary', tags: { region: 'east' } } },
    { onNoReader: (error) => void said.push(error) },
  );
  await store.open();
  await store.ping();
  store.messageReader();
  await expect(store.ping()).rejects.toThrow(StoreUnavailableError);
  await expect(store.ping()).rejects.toThrow(StoreUnavailableError);
  expect(said).toHaveLength(1);
  await store.close();
});
