import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditedSystem, runTool } from './audited-system/audited.system.ts';

let system: AuditedSystem;
let folder: string;

beforeAll(async () => {
  system = await AuditedSystem.create();
  await system.append(system.messagesOf(30));
  await system.settle();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiber-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => system.close());

const writeRunFile = (pid: number, names?: object): void => {
  const { KAFKA_BOOTSTRAP_SERVERS: kafka = '', MONGO_URI = '' } = system.env;
  const mongo = new URL(MONGO_URI).host;
  const run = {
    names,
    apps: names ? [{ pid }] : [],
    kafka: [{ id: 'kafka-1', pid, address: kafka }],
    mongo: [{ id: 'mongo-1', pid, address: mongo }],
  };
  mkdirSync(join(folder, '.wiber'));
  writeFileSync(join(folder, '.wiber', 'run.json'), JSON.stringify(run));
};

const envWithoutAddresses = (): Record<string, string> => {
  const { KAFKA_BOOTSTRAP_SERVERS: _, MONGO_URI: __, ...rest } = system.env;
  return rest;
};

test('without addresses in the environment it audits the system that runs in this folder', async () => {
  writeRunFile(process.pid);
  const { code, stdout } = await runTool(['audit'], envWithoutAddresses(), folder);
  expect(stdout).toContain('\nwhole: ');
  expect(code).toBe(0);
});

test('names that differ from those of the apps that run here are refused in one line', async () => {
  writeRunFile(process.pid, { topic: 'other', group: 'other', database: 'other', collection: 'other' });
  for (const command of [['audit'], ['rebuild', '--to-collection', 'messages_2', '--replace']]) {
    const { code, stderr } = await runTool(command, envWithoutAddresses(), folder);
    expect(stderr).toMatch(
      /^\w+: KAFKA_TOPIC is '.+', and what npm start runs here uses 'other'; unset it, or set [^\n]+\n$/,
    );
    expect(code).toBe(2);
  }
});

test('without a running system, or after that system has ended, it says so', async () => {
  const result = {
    code: 2,
    stdout: '',
    stderr: 'audit: nothing runs here; npm start first, or set KAFKA_BOOTSTRAP_SERVERS and MONGO_URI\n',
  };
  expect(await runTool(['audit'], envWithoutAddresses(), folder)).toEqual(result);
  writeRunFile(2 ** 22 + 1);
  expect(await runTool(['audit'], envWithoutAddresses(), folder)).toEqual(result);
});

test.each([
  [
    'a topic that does not exist',
    { KAFKA_TOPIC: 'none' },
    'there is no topic none; KAFKA_TOPIC names the topic to audit',
  ],
  [
    'a group that has read nothing',
    { KAFKA_CONSUMER_GROUP: 'none' },
    'the group none has committed nothing of messages-',
  ],
  ['brokers that do not answer', { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' }, 'Kafka does not answer at 127.0.0.1:1: '],
  [
    'a database that does not answer',
    { MONGO_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500' },
    'MongoDB does not answer: ',
  ],
])('%s gives one line and exit code 2', async (_what, settings, detail) => {
  const { code, stdout, stderr } = await runTool(['audit'], { ...system.env, ...settings });
  expect(stderr).toMatch(/^audit: [^\n]+\n$/);
  expect(stderr).toContain(detail);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test.each([
  [['audit', '--colour'], "Unknown option '--colour'"],
  [['audit', 'now'], 'Unexpected argument'],
  [['rebuild'], '--to names the database and --to-collection the collection to rebuild into'],
  [['rebuild', '--to-collection', 'system.x'], "--to-collection 'system.x' is not a valid name of a collection"],
  [['rebuild', '--to', 'a b'], "--to 'a b' is not a valid name of a database"],
  [['rebuild', '--to', 'admin'], "--to 'admin' is not a valid name of a database"],
  [['mend'], "'mend' is not a command; the commands are audit and rebuild"],
])('%j is refused, and the line shows what is allowed', async (args, detail) => {
  const { code, stderr } = await runTool(args, system.env);
  expect(stderr).toContain(detail);
  expect(stderr).toMatch(/npm run (audit|rebuild) -- /);
  expect(code).toBe(2);
});
