import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type mongo } from 'mongoose';
import { toStored } from '@wiber/contracts';
import { OwnServers, eventually } from '@wiber/harness';
import { Store } from './store.ts';

/**
 * A cluster of one shard without a mongos: a config server and a shard, told by MongoDB's own internal commands what a mongos would
 * tell them. So MongoDB itself says which indexes a collection sharded by conversation may have.
 */
const DATABASE = 'wiber';
const MAJORITY = { writeConcern: { w: 'majority', wtimeout: 30_000 } } as const;

let servers: OwnServers | undefined;
let folder: string | undefined;
const processes: ChildProcess[] = [];
const clients: mongo.MongoClient[] = [];
let config: mongo.Db;
let shard: mongo.Db;
let shardUri: string;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => void child.once('exit', resolve).kill('SIGKILL'));
};

/** Starts a replica set of one member, which ends with this process at the latest. */
const startMember = async (mongod: string, name: string, role: '--configsvr' | '--shardsvr') => {
  const port = await freePort();
  const data = join(folder!, name);
  mkdirSync(data);
  const flags = ['--dbpath', data, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--replSet', name, role];
  const memory = ['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '64'];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', mongod, ...flags, ...memory], { stdio: 'ignore' });
  processes.push(child);
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 2000 });
  clients.push(client);
  const admin = client.db('admin');
  await eventually(() => admin.command({ ping: 1 }), { within: 60_000 });
  const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
  const isConfig = role === '--configsvr' ? { configsvr: true } : {};
  await admin.command({ replSetInitiate: { _id: name, ...isConfig, members } });
  await eventually(async () => expect(await admin.command({ hello: 1 })).toMatchObject({ isWritablePrimary: true }), {
    within: 60_000,
  });
  return { client, uri, address: `${name}/127.0.0.1:${port}` };
};

beforeAll(async () => {
  servers = await OwnServers.start();
  const mongod = readlinkSync(`/proc/${servers.run.mongo[0]!.pid}/exe`);
  folder = mkdtempSync(join(tmpdir(), 'wiber-shard-'));
  const configServer = await startMember(mongod, 'config', '--configsvr');
  const member = await startMember(mongod, 'shard', '--shardsvr');
  config = configServer.client.db('config');
  shard = member.client.db(DATABASE);
  shardUri = member.uri;
  const admin = configServer.client.db('admin');
  await admin.command({ _configsvrAddShard: member.address, name: 'shard', ...MAJORITY });
  await admin.command({ _configsvrCreateDatabase: DATABASE, primaryShardId: 'shard', ...MAJORITY });
}, 180_000);

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(processes.map(ended));
  if (folder) rmSync(folder, { recursive: true, force: true });
  await servers?.close();
}, 60_000);

/** What sh.shardCollection makes a mongos send. */
const shardCollection = async (name: string, shardKey: mongo.Document): Promise<unknown> => {
  const found = await config.collection<{ _id: string; version: unknown }>('databases').findOne({ _id: DATABASE });
  const command = { _shardsvrCreateCollection: name, shardKey, unique: false, databaseVersion: found?.version };
  return shard.command({ ...command, ...MAJORITY });
};

const storeOf = (collection: string, shardKey: 'none' | 'conversationId'): Store =>
  Store.connect({
    uri: shardUri,
    database: DATABASE,
    collection,
    shardKey,
    serverSelectionMs: 5000,
    appName: 'spec',
  });

const opened = async <T>(store: Store, work: (store: Store) => Promise<T>): Promise<T> => {
  try {
    await store.open();
    return await work(store);
  } finally {
    await store.close();
  }
};

const message = (offset: number, messageId: string = randomUUID()) =>
  toStored(
    { messageId, fromUser: 'ann', toUser: `user${offset % 7}`, content: 'hi', timestamp: offset, lamport: 1 },
    { partition: 0, offset },
    { storedAt: 1 },
  );

const isSharded = async (name: string): Promise<boolean> =>
  (await config.collection<{ _id: string }>('collections').countDocuments({ _id: `${DATABASE}.${name}` })) === 1;

test('MongoDB refuses to shard messages by conversation while an index keeps their ids unique, and without it takes what the store made', async () => {
  const messages = Array.from({ length: 50 }, (_, offset) => message(offset));
  await opened(storeOf('plain', 'none'), (store) => store.messageWriter().store(messages));
  await expect(shardCollection('plain', { conversationId: 1 })).rejects.toThrow(
    /can't shard collection .* with unique index on \{ messageId: 1 \} and proposed shard key \{ conversationId: 1 \}/,
  );
  await opened(storeOf('plain', 'conversationId'), async () => undefined);
  await expect(shardCollection('plain', { conversationId: 1 })).rejects.toThrow('unique index on { messageId: 1 }');
  await shard.collection('plain').dropIndex('message_once');
  await shardCollection('plain', { conversationId: 1 });
  expect(await isSharded('plain')).toBe(true);
});

test.each<[string, mongo.Document]>([
  ['by conversationId', { conversationId: 1 }],
  ['by conversationId and messageId, as a conversation larger than a range needs', { conversationId: 1, messageId: 1 }],
])('MongoDB shards a new collection of messages %s', async (_, key) => {
  const name = `new-${Object.keys(key).length}`;
  await opened(storeOf(name, 'conversationId'), async () => undefined);
  await shardCollection(name, key);
  expect(await isSharded(name)).toBe(true);
});

test('MongoDB shards the activity, which is a clustered collection, by its _id', async () => {
  await opened(storeOf('active', 'conversationId'), (store) => store.messageWriter().store([message(1)]));
  await shardCollection('active.activity', { _id: 1 });
  expect(await isSharded('active.activity')).toBe(true);
});

test('messages of a collection that MongoDB has sharded are stored once and found', async () => {
  await opened(storeOf('used', 'conversationId'), async () => undefined);
  await shardCollection('used', { conversationId: 1 });
  await opened(storeOf('used', 'conversationId'), async (store) => {
    const batch = [1, 2, 3].map((offset) => message(offset));
    const [first] = batch as [(typeof batch)[number]];
    expect(await store.messageWriter().store(batch)).toMatchObject({ stored: 3, refused: [] });
    expect(await store.messageWriter().store([first, message(4)])).toMatchObject({ stored: 1, alreadyStored: 1 });
    expect(await store.messageReader().byId(first.messageId, { withinMs: 5000 })).toMatchObject({ content: 'hi' });
  });
});
