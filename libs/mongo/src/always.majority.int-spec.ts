import { randomUUID } from 'node:crypto';
import { FaultyMongo, testServers } from '@wiber/harness';
import mongoose from 'mongoose';
import { Store } from './store.ts';

const WRITES = ['findAndModify', 'insert', 'update', 'delete', 'create'];

test('what is remembered of topics and of dead letters is a write of a majority also where MONGO_WRITE_CONCERN is 1', async () => {
  const database = `wiber-${randomUUID().slice(0, 8)}`;
  const mongo = await FaultyMongo.start(testServers().mongoUri);
  const written: { to: unknown; writeConcern: unknown }[] = [];
  const note = (command: Record<string, unknown>) => {
    const name = WRITES.find((write) => write in command);
    if (name !== undefined) written.push({ to: command[name], writeConcern: command['writeConcern'] });
    return 'pass' as const;
  };
  mongo.fault = note;
  mongo.commandFault = note;
  const { uri } = mongo;
  const store = Store.connect({
    uri,
    database,
    collection: 'messages',
    serverSelectionMs: 10_000,
    appName: 'spec',
    writeConcern: 1,
  });
  try {
    await store.open();
    await store.partitionRegister().remember('chat', 3);
    await store.partitionRegister().change('chat', 6);
    const record = { topic: 'chat', partition: 1, offset: 2 };
    const letter = { ...record, reason: 'schema', error: 'no', attempts: 1, time: 1, instance: 'ingest-1' } as const;
    const rest = { dlq: { topic: 'chat.dlq', partition: 0, offset: 3 }, key: null, value: null, headers: [] };
    await store.deadLetterWriter().list([{ ...letter, ...rest }]);
    await store.deadLetterWriter().discard(record, { at: 1, who: 'dora', what: 'discard' });
    const majority = expect.objectContaining({ w: 'majority', j: true });
    expect(written).toEqual(written.map(({ to }) => ({ to, writeConcern: majority })));
    expect(new Set(written.map(({ to }) => to))).toEqual(new Set(['messages.activity', 'topics', 'dead_letters']));
  } finally {
    await store.close();
    const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
    await client.db(database).dropDatabase();
    await client.close();
    await mongo.close();
  }
});
