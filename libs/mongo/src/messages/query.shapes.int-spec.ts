import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mongoose, { type mongo } from 'mongoose';
import { toStored, type Message } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { POOL_NAMES, connect } from '../connection/store.pools.ts';
import type { StoreSettings } from '../connection/store.settings.ts';
import { Store } from '../store.ts';
import { modelsOf } from '../store.models.ts';

/** What a mongos would do with a command on the collection of messages, sharded by conversationId. */
type Shape = 'one shard' | 'the shards of its conversations' | 'every shard';

const uri = `${testServers().mongoUri}&monitorCommands=true`.replace(/\/&/, '/?');
const database = `wiber-${randomUUID().slice(0, 8)}`;
const settings: StoreSettings = {
  uri,
  database,
  collection: 'messages',
  shardKey: 'conversationId',
  serverSelectionMs: 5000,
  appName: 'spec',
};
const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
let seen: { name: string; command: mongo.Document }[] = [];
let store: Store;

beforeAll(async () => {
  const pools = POOL_NAMES.map((name) => [name, connect(settings, name)] as const);
  const connections = Object.fromEntries(pools) as Record<(typeof POOL_NAMES)[number], mongoose.Connection>;
  for (const [, connection] of pools) {
    await connection.asPromise();
    const driver = connection.getClient() as unknown as mongo.MongoClient;
    driver.on('commandStarted', ({ commandName: name, command }) => seen.push({ name, command }));
  }
  store = new Store({ settings, connections, models: modelsOf(connections.main, settings) });
  await store.open();
});

afterAll(async () => {
  await client.db(database).dropDatabase();
  await Promise.all([store.close(), client.close()]);
});

/** The conversations that a filter is bound to; undefined for one that may match any. */
const conversationsIn = (filter: mongo.Document): Set<string> | undefined => {
  const { conversationId: bound, $and: all, $or: any } = filter as Record<string, unknown>;
  if (typeof bound === 'string') return new Set([bound]);
  const { $in: listed } = (bound ?? {}) as { $in?: string[] };
  if (listed) return new Set(listed);
  for (const part of (all ?? []) as mongo.Document[]) {
    const found = conversationsIn(part);
    if (found) return found;
  }
  const parts = ((any ?? []) as mongo.Document[]).map(conversationsIn);
  return parts.length > 0 && parts.every((part) => part !== undefined)
    ? new Set(parts.flatMap((part) => [...part]))
    : undefined;
};

const filterOf = ({ name, command }: (typeof seen)[number]): mongo.Document => {
  if (name === 'find') return command['filter'] as mongo.Document;
  if (name === 'aggregate') return ((command['pipeline'] as mongo.Document[])[0]?.['$match'] ?? {}) as mongo.Document;
  if (name === 'count') return (command['query'] ?? {}) as mongo.Document;
  throw new Error(`${name} is a command on messages that this spec does not know`);
};

const shapeOf = (one: (typeof seen)[number]): Shape => {
  const conversations =
    one.name === 'insert'
      ? new Set((one.command['documents'] as { conversationId: string }[]).map(({ conversationId }) => conversationId))
      : conversationsIn(filterOf(one));
  if (conversations === undefined || conversations.has(undefined as unknown as string)) return 'every shard';
  return conversations.size === 1 ? 'one shard' : 'the shards of its conversations';
};

/** Commands about the collection itself, which the store sends beside those of a call. */
const UPKEEP = new Set(['listIndexes', 'createIndexes', 'explain', 'collMod']);

/** What a call asks of the collection of messages, in the order of its commands. */
const shapesOf = async (call: () => Promise<unknown>): Promise<Shape[]> => {
  seen = [];
  await call();
  return seen.filter(({ name, command }) => command[name] === 'messages' && !UPKEEP.has(name)).map(shapeOf);
};

const message = (offset: number, toUser: string, over: Partial<Message> = {}) =>
  toStored(
    { messageId: randomUUID(), fromUser: 'ann', toUser, content: 'hi', timestamp: offset, lamport: 1, ...over },
    { partition: 0, offset },
    { storedAt: 1 },
  );

const stored = [message(1, 'ben'), message(2, 'carl'), message(3, 'ben')];
const [first] = stored as [(typeof stored)[number]];
const USERS = ['ann', 'ben'] as const;
const WITHIN = { withinMs: 5000 };
const page = { order: 'asc', skip: 0, limit: 50, ...WITHIN } as const;

const writer = () => store.messageWriter();
const reader = () => store.messageReader();

/** Each call on the collection of messages. docs/scaling.md has the same rows. */
const CALLS: [what: string, expected: Shape, call: () => Promise<unknown>][] = [
  ['ingest stores a batch', 'the shards of its conversations', () => writer().store(stored)],
  ['ingest looks at duplicates', 'the shards of its conversations', () => writer().store(stored)],
  [
    'a page of a conversation by time',
    'one shard',
    () => reader().conversationPage(USERS, { ...page, sort: 'timestamp', after: [1, randomUUID()] }),
  ],
  [
    'a page of a conversation by Lamport time',
    'one shard',
    () => reader().conversationPage(USERS, { ...page, sort: 'lamport', after: [1, randomUUID()] }),
  ],
  [
    'a page of a conversation by log',
    'one shard',
    () => reader().conversationPage(USERS, { ...page, sort: 'log', after: [0, 1] }),
  ],
  ['the count of a conversation', 'one shard', () => reader().count({ users: USERS }, WITHIN)],
  ['a keyed send looks for its message', 'one shard', () => reader().sameAs(first, WITHIN)],
  [
    'a replay looks for what is later in the log',
    'one shard',
    () => reader().laterInLog(USERS, { position: { partition: 0, offset: 1 }, except: first.messageId, ...WITHIN }),
  ],
  [
    'a replay looks for what is later in time',
    'one shard',
    () => reader().laterInTime(USERS, { timestamp: 1, exceptPartition: 1, except: first.messageId, ...WITHIN }),
  ],
  ['a page of a user', 'the shards of its conversations', () => reader().userPage('ann', page)],
  ['the count of a user', 'the shards of its conversations', () => reader().count({ user: 'ann' }, WITHIN)],
  ['one message by its id', 'every shard', () => reader().byId(first.messageId, WITHIN)],
  ['reads that wait read their messages', 'every shard', () => reader().byIds([first.messageId], WITHIN)],
  ['sends that wait look for their messages', 'every shard', () => reader().storedAmong([first.messageId], WITHIN)],
  ['a replay looks for its message', 'every shard', () => reader().byIdOnPrimary(first.messageId, 5000)],
  ['the count of all', 'every shard', () => reader().count('all', WITHIN)],
  ['a gateway starts its clock', 'every shard', () => reader().lastLamport()],
  [
    'the metrics worker reads what was stored',
    'every shard',
    () => store.storedTimes().read({ partition: 0, from: 0, to: 9, limit: 10 }, WITHIN),
  ],
];

/** What of the calls asks another number of shards in one of its commands. */
const ALSO: Record<string, Shape[]> = {
  // The insert, and then the look at what is there.
  'ingest looks at duplicates': ['the shards of its conversations', 'the shards of its conversations'],
};

test.each(CALLS)('%s asks %s', async (what, expected, call) => {
  const shapes = await shapesOf(call);
  expect(shapes.length).toBeGreaterThan(0);
  if (ALSO[what]) expect(shapes).toEqual(ALSO[what]);
  for (const shape of shapes) expect(shape).toBe(expected);
});

test('docs/scaling.md lists each call with the shards that it asks', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'scaling.md'), 'utf8');
  const rows = text.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim()),
  );
  for (const [what, expected] of CALLS) expect(rows).toContainEqual([what, expected]);
});

test('a command without the conversation is told from one that has it, wherever it stands in the filter', () => {
  const shape = (filter: mongo.Document) => shapeOf({ name: 'find', command: { find: 'messages', filter } });
  expect(shape({ messageId: 1 })).toBe('every shard');
  expect(shape({ conversationId: { $gt: 'a' } })).toBe('every shard');
  expect(shape({ $or: [{ conversationId: 'a' }, { messageId: 1 }] })).toBe('every shard');
  expect(shape({ $and: [{ timestamp: 1 }, { conversationId: 'a' }] })).toBe('one shard');
  expect(shape({ conversationId: { $in: ['a', 'b'] } })).toBe('the shards of its conversations');
  expect(shapeOf({ name: 'insert', command: { insert: 'messages', documents: [{ content: 'x' }] } })).toBe(
    'every shard',
  );
});
