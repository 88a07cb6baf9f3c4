import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSystem } from './live.system.ts';

const GIVEN = { KAFKA_BOOTSTRAP_SERVERS: 'a:9092, b:9092', MONGO_URI: 'mongodb://db/' };
const NAMES = ['KAFKA_TOPIC', 'KAFKA_CONSUMER_GROUP', 'MONGO_DB', 'MONGO_COLLECTION'];
const empty = (names: string[]) => Object.fromEntries(names.map((name) => [name, '']));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wiber-audit-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const RUNNING = { topic: 'own.topic', group: 'own-group', database: 'own_db', collection: 'own_messages' };

const runFileOf = (run: object): string => {
  const server = { pid: process.pid, address: '127.0.0.1:1' };
  const file = join(folder, 'run.json');
  writeFileSync(file, JSON.stringify({ apps: [{ pid: -1 }], kafka: [server], mongo: [server], ...run }));
  return file;
};

test('an empty variable is not set, as it is for the apps', () => {
  const system = findSystem(GIVEN, '/nowhere/run.json');
  expect(system).toMatchObject({ brokers: ['a:9092', 'b:9092'], topic: 'wiber.messages', database: 'wiber' });
  expect(findSystem({ ...GIVEN, ...empty(NAMES) }, '/nowhere/run.json')).toEqual(system);
  expect(() => findSystem(empty(Object.keys(GIVEN)), '/nowhere/run.json')).toThrow(
    'nothing runs here; npm start first',
  );
});

test('topic, group, database and collection are those of the apps that run here', () => {
  const names = { topic: 'own.topic', groupId: 'own-group', database: 'own_db', collection: 'own_messages' };
  expect(findSystem({}, runFileOf({ names: RUNNING }))).toMatchObject({ ...names, inUseHere: RUNNING });
  expect(findSystem({ MONGO_DB: 'own_db' }, runFileOf({ names: RUNNING }))).toMatchObject(names);
});

test.each(NAMES)('a %s that differs from that of the apps that run here is refused in one line', (variable) => {
  expect(() => findSystem({ [variable]: 'ghost' }, runFileOf({ names: RUNNING }))).toThrow(
    new RegExp(`^${variable} is 'ghost', and what npm start runs here uses 'own.+'; unset it, or set [^\n]+$`),
  );
});

test('a system elsewhere has the names of the environment, and what runs here stays known', () => {
  const system = findSystem({ ...GIVEN, MONGO_DB: 'ghost' }, runFileOf({ names: RUNNING }));
  expect(system).toMatchObject({ database: 'ghost', collection: 'messages', inUseHere: RUNNING });
});

test('servers without apps, or of an earlier version, leave the names to the environment', () => {
  for (const run of [{ names: RUNNING, apps: [] }, {}])
    expect(findSystem({ MONGO_DB: 'mine' }, runFileOf(run))).toMatchObject({ database: 'mine', inUseHere: undefined });
});

test('the shard key is that of the environment, none without one, and another word is refused', () => {
  expect(findSystem(GIVEN, '/nowhere/run.json').shardKey).toBe('none');
  expect(findSystem({ ...GIVEN, MONGO_SHARD_KEY: '' }, '/nowhere/run.json').shardKey).toBe('none');
  expect(findSystem({ ...GIVEN, MONGO_SHARD_KEY: 'conversationId' }, '/nowhere/run.json').shardKey).toBe(
    'conversationId',
  );
  expect(() => findSystem({ ...GIVEN, MONGO_SHARD_KEY: 'user' }, '/nowhere/run.json')).toThrow(
    "MONGO_SHARD_KEY is 'user'; it takes none or conversationId",
  );
});
