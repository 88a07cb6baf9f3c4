import { randomUUID } from 'node:crypto';
import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { FaultyMongo, eventually, testServers, type CommandFault } from '@wiber/harness';
import mongoose from 'mongoose';
import { StoreUnavailableError } from '../connection/mongo.errors.ts';
import { POOLS } from '../connection/store.pools.ts';
import { SHARD_KEYS, type StoreSettings } from '../connection/store.settings.ts';
import { Store } from '../store.ts';
import { messageIdOf, messageOf, uuidOf } from './message.document.ts';
import { MessageSchema, type MessageDocument } from './message.schema.ts';
import type { MessageWriter } from './message.writer.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);

afterAll(() => client.close());

describe.each(SHARD_KEYS)('with messages sharded by %s', (shardKey) => {
  let mongo: FaultyMongo;
  let settings: StoreSettings;
  let store: Store;
  let writer: MessageWriter;
  let collection: mongoose.mongo.Collection<MessageDocument>;
  let offset = 0;

  beforeAll(async () => {
    mongo = await FaultyMongo.start(testServers().mongoUri);
    settings = {
      uri: mongo.uri,
      database: `wiber-${randomUUID().slice(0, 8)}`,
      collection: 'messages',
      shardKey,
      serverSelectionMs: 2000,
      // More than a busy machine ever stands still.
      answerMs: 5000,
      appName: 'spec',
    };
    store = Store.connect(settings);
    await store.open();
    writer = store.messageWriter();
    collection = client.db(settings.database).collection(settings.collection);
  });

  afterEach(() => {
    mongo.fault = () => 'pass';
    mongo.deaf = false;
  });

  afterAll(async () => {
    await client.db(settings.database).dropDatabase();
    await store.close();
    await mongo.close();
  });

  const message = (content: string, messageId: string = randomUUID()): StoredMessage =>
    toStored(
      { messageId, fromUser: 'ann', toUser: 'ben', content, timestamp: 1, lamport: 1 },
      { partition: 0, offset: offset++ },
      { takenAt: 1, storedAt: 2, storedBy: 'ingest-1' },
    );

  const messageFieldsOf = ({ messageId, fromUser, toUser, content, timestamp, lamport }: StoredMessage): Message => ({
    messageId,
    fromUser,
    toUser,
    content,
    timestamp,
    lamport,
  });
  const batchOf = (size: number): StoredMessage[] => Array.from({ length: size }, (_, index) => message(`m${index}`));
  const countOf = (batch: StoredMessage[]): Promise<number> =>
    collection.countDocuments({ messageId: { $in: batch.map(({ messageId }) => uuidOf(messageId)) } });
  const storedUnder = (messageId: string): Promise<MessageDocument | null> =>
    collection.findOne({ messageId: uuidOf(messageId) }, { promoteBuffers: false });

  const refusal = (code: number, codeName: string): CommandFault => ({ ok: 0, code, codeName, errmsg: codeName });
  const concernUnmet = { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out' };

  test.each<[string, CommandFault]>([
    ['a connection cut before it was written', 'cut'],
    ['a connection cut after it was written', 'cut-after'],
    ['a server that never answers', 'hang'],
    ['NotWritablePrimary', refusal(10107, 'NotWritablePrimary')],
    ['PrimarySteppedDown', refusal(189, 'PrimarySteppedDown')],
    ['InterruptedDueToReplStateChange', refusal(11602, 'InterruptedDueToReplStateChange')],
    ['ExceededTimeLimit', refusal(262, 'ExceededTimeLimit')],
    ['MaxTimeMSExpired', refusal(50, 'MaxTimeMSExpired')],
    ['Unauthorized', refusal(13, 'Unauthorized')],
    ['WriteConcernFailed', { ok: 1, n: 3, writeConcernError: concernUnmet }],
    [
      'WriteConcernFailed beside duplicates',
      { ok: 1, n: 2, writeErrors: [{ index: 0, code: 11000, errmsg: 'E11000' }], writeConcernError: concernUnmet },
    ],
    ['one document refused for a reason unknown', { ok: 1, n: 2, writeErrors: [{ index: 1, code: 8, errmsg: 'x' }] }],
  ])('%s is unavailable and never taken for stored; the same batch again is stored once', async (_, fault) => {
    const batch = batchOf(3);
    mongo.fault = () => fault;
    await expect(writer.store(batch)).rejects.toThrow(StoreUnavailableError);
    mongo.fault = () => 'pass';
    const { stored, alreadyStored, refused } = await eventually(() => writer.store(batch));
    expect([stored + alreadyStored, refused]).toEqual([3, []]);
    expect(await countOf(batch)).toBe(3);
  });

  test('a connection that takes no more bytes does not hold up a write for ever: it is unavailable, and stored once by the next try', async () => {
    const content = 'x'.repeat(20_000);
    const batch = Array.from({ length: 600 }, () => message(content));
    mongo.deaf = true;
    await expect(writer.store(batch)).rejects.toThrow(StoreUnavailableError);
    mongo.deaf = false;
    const { stored, alreadyStored } = await eventually(() => writer.store(batch));
    expect(stored + alreadyStored).toBe(600);
    expect(await countOf(batch)).toBe(600);
  });

  /** The driver's own of each client: one for the server's state and one for its round trip. */
  const WATCHING = 2;
  /** As MongoDB counts them, once each has said whose it is. */
  const connectionsOf = async (appName: string): Promise<number> => {
    const open = [{ $currentOp: { allUsers: true, idleConnections: true } }, { $match: { appName } }];
    return (await client.db('admin').aggregate(open).toArray()).length;
  };

  test('an aborted write gives its connection back: aborted writes on all connections of the pool do not stop the next write', async () => {
    const appName = `full-${randomUUID()}`;
    const full = Store.connect({ ...settings, appName, uri: `${mongo.uri}&minPoolSize=${POOLS.main}` });
    await full.open();
    await eventually(async () => expect(await connectionsOf(appName)).toBeGreaterThanOrEqual(POOLS.main + WATCHING));
    const batch = Array.from({ length: 600 }, () => message('x'.repeat(20_000)));
    mongo.deaf = true;
    const fullWriter = full.messageWriter();
    const tries = Array.from({ length: POOLS.main }, () => fullWriter.store(batch).catch((error: unknown) => error));
    expect(await Promise.all(tries)).toEqual(tries.map(() => expect.any(StoreUnavailableError)));
    mongo.deaf = false;
    const small = batchOf(3);
    await eventually(() => fullWriter.store(small));
    expect(await countOf(small)).toBe(3);
    await full.close();
  });

  test('of duplicates the same body is already stored, another body is a conflict, and the rest of the batch is stored', async () => {
    const [first, second] = batchOf(2) as [StoredMessage, StoredMessage];
    await writer.store([first, second]);
    const again = message(first.content, first.messageId);
    const other = message('another body', second.messageId);
    const fresh = message('fresh');
    const result = await writer.store([again, other, fresh]);
    expect(result).toMatchObject({ stored: 1, alreadyStored: 1 });
    expect(result.refused).toEqual([
      { message: other, reason: 'idempotency_conflict', detail: expect.stringContaining(second.messageId) },
    ]);
    const document = await storedUnder(second.messageId);
    expect(messageOf(document!)).toEqual(messageFieldsOf(second));
    expect(document).toMatchObject({ _id: { partition: second.partition, offset: second.offset } });
  });

  test('one id twice in one batch is stored once, and the index says which body was first', async () => {
    const known = message('known');
    await writer.store([known]);
    const batch = [message('other', known.messageId), message('known', known.messageId), message('new')];
    const result = await writer.store([...batch, message('new', batch[2]!.messageId)]);
    expect(result).toMatchObject({ stored: 1, alreadyStored: 2 });
    expect(result.refused.map(({ message: refused }) => refused)).toEqual([batch[0]]);
  });

  test('a duplicate of an index that is not ours is refused for that record, not tried for ever', async () => {
    await collection.createIndex(
      { storedAt: 1 },
      { unique: true, name: 'planted', partialFilterExpression: { storedAt: 77 } },
    );
    const [first, second] = batchOf(2).map((one) => ({ ...one, storedAt: 77 })) as [StoredMessage, StoredMessage];
    const result = await writer.store([first, second]);
    await collection.dropIndex('planted');
    expect(result).toMatchObject({ stored: 1, refused: [{ message: second, reason: 'refused_by_store' }] });
  });

  test('an error of our own code is not taken for a MongoDB that is away, and nothing of the batch is written', async () => {
    const [good, bad] = batchOf(2) as [StoredMessage, StoredMessage];
    const planted = () => {
      throw new TypeError('planted');
    };
    const unwritable = { ...bad, content: { toBSON: planted } as unknown as string };
    await expect(writer.store([good, unwritable])).rejects.toThrow(new TypeError('planted'));
    expect(await writer.store([good])).toMatchObject({ refused: [] });
    expect(await countOf([good, bad])).toBe(1);
  });

  test('what is written is what the schema describes, field by field', async () => {
    const [one] = batchOf(1) as [StoredMessage];
    await writer.store([one]);
    const document = await collection.findOne({ messageId: uuidOf(one.messageId) });
    const Model = mongoose.model(`WrittenMessage-${shardKey}`, MessageSchema);
    // `strict: throw` refuses a field that the schema does not have.
    await expect(new Model(document).validate()).resolves.toBeUndefined();
    expect(Object.keys(document!).sort()).toEqual(
      Object.keys(MessageSchema.paths)
        .filter((path) => !path.includes('.'))
        .sort(),
    );
  });

  test('the indexes of the collection are those of the schema, and the unique one begins with the shard key', async () => {
    const indexes = await collection.indexes();
    const named = MessageSchema.indexes().map(([key, options]) => ({ key, name: options['name'] as string }));
    const byConversation = [
      { key: { conversationId: 1, messageId: 1 }, name: 'message_once_in_conversation' },
      { key: { messageId: 1 }, name: 'message_by_id' },
    ];
    const wanted =
      shardKey === 'none' ? named : [...named.filter(({ name }) => name !== 'message_once'), ...byConversation];
    expect(indexes.map(({ key, name }) => ({ key, name }))).toEqual([{ key: { _id: 1 }, name: '_id_' }, ...wanted]);
    const unique = shardKey === 'none' ? 'message_once' : 'message_once_in_conversation';
    expect(indexes.filter((index) => index.unique).map(({ name }) => name)).toEqual([unique]);
  });

  test('a message whose place another message has, as after a topic was made anew, is stored beside it', async () => {
    const [first, second, third] = batchOf(3) as [StoredMessage, StoredMessage, StoredMessage];
    await writer.store([first]);
    const { partition, offset: taken } = first;
    const displaced = [second, third].map((one) => ({ ...one, partition, offset: taken }));
    expect(await writer.store([displaced[0]!])).toMatchObject({ stored: 1, alreadyStored: 0, refused: [] });
    expect(await writer.store(displaced)).toMatchObject({ stored: 1, alreadyStored: 1, refused: [] });
    expect(await writer.store(displaced)).toMatchObject({ stored: 0, alreadyStored: 2, refused: [] });
    const places = await Promise.all([first, ...displaced].map(({ messageId }) => storedUnder(messageId)));
    expect(places.map((document) => document?._id)).toEqual([
      { partition, offset: taken },
      { partition, offset: taken, again: 1 },
      { partition, offset: taken, again: 2 },
    ]);
  });

  test('a redelivered record is already stored, whichever index notices it', async () => {
    const batch = batchOf(3);
    await writer.store(batch);
    expect(await writer.store(batch)).toMatchObject({ stored: 0, alreadyStored: 3, refused: [] });
    const elsewhere = batch.map((one) => ({ ...one, offset: offset++ }));
    expect(await writer.store(elsewhere)).toMatchObject({ stored: 0, alreadyStored: 3, refused: [] });
    expect(messageIdOf((await storedUnder(batch[0]!.messageId))!.messageId)).toBe(batch[0]!.messageId);
  });

  test('a content that looks like the name of our index is refused by an operator’s index, and not tried for ever', async () => {
    await collection.createIndex(
      { content: 1 },
      { unique: true, name: 'operators', partialFilterExpression: { storedAt: 78 } },
    );
    const [first, second] = batchOf(2).map((one) => ({
      ...one,
      content: 'index: message_once dup key',
      storedAt: 78,
    })) as [StoredMessage, StoredMessage];
    const result = await writer.store([first, second]);
    await collection.dropIndex('operators');
    expect(result).toMatchObject({ stored: 1, refused: [{ message: second, reason: 'refused_by_store' }] });
  });

  test('one id in two conversations is one message, or one in each where a message is unique in its conversation only', async () => {
    const one = message('hi');
    const elsewhere: StoredMessage = { ...message('hi', one.messageId), toUser: 'carl', conversationId: 'ann:carl' };
    await writer.store([one]);
    const result = await writer.store([elsewhere]);
    if (shardKey === 'none')
      expect(result).toMatchObject({
        stored: 0,
        refused: [{ message: elsewhere, reason: 'idempotency_conflict' }],
      });
    else expect(result).toMatchObject({ stored: 1, alreadyStored: 0, refused: [] });
    expect(await writer.store([one])).toMatchObject({ stored: 0, alreadyStored: 1, refused: [] });
    expect(await countOf([one])).toBe(shardKey === 'none' ? 1 : 2);
  });

  test('a batch with an id of two conversations tells a repeat and a conflict of each by its own', async () => {
    const one = message('hi');
    const other: StoredMessage = { ...message('hi', one.messageId), toUser: 'carl', conversationId: 'ann:carl' };
    await writer.store([one]);
    if (shardKey !== 'none') await writer.store([other]);
    const changed = { ...other, content: 'changed', offset: offset++ };
    const result = await writer.store([{ ...one, offset: offset++ }, changed]);
    expect(result).toMatchObject({ stored: 0, alreadyStored: 1, refused: [{ message: changed }] });
  });
});
