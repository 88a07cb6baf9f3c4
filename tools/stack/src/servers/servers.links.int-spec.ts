import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import mongoose from 'mongoose';
import { startTimeOf } from '../processes/process.table.ts';
import { eventually, until } from '../spec-support/eventually.ts';
import { StackRun } from '../spec-support/stack.run.ts';

interface Ready {
  kafka: string[];
  mongoUri: string;
  runFile: string;
}

const root = join(import.meta.dirname, '..', '..', '..', '..');
const SERVERS = ['kafka-1', 'kafka-2', 'kafka-3', 'mongo-1', 'mongo-2', 'mongo-3'];

let stack: StackRun;
let ready: Ready;
let small: StackRun | undefined;
beforeAll(async () => {
  const counts = ['--brokers', '3', '--mongod', '3'];
  const flags = ['--links', '--small-disks', 'kafka-1,mongo-1'];
  stack = new StackRun(['servers', '--ephemeral', '--json', ...counts, ...flags], root);
  ready = JSON.parse(await stack.firstLine) as Ready;
}, 120_000);
afterAll(async () => {
  for (const one of [stack, small]) one?.child.stdin!.end();
  await Promise.all([stack?.ended, small?.ended]);
}, 60_000);

const ask = async (request: Record<string, unknown>): Promise<Record<string, unknown>> => {
  const answer = await stack.ask(request);
  expect(answer).toMatchObject({ ok: true });
  return answer;
};
type RunFile = Record<'kafka' | 'mongo', { pid: number; address: string }[]>;
const runNow = () => JSON.parse(readFileSync(ready.runFile, 'utf8')) as RunFile;
const pidsOf = ({ kafka, mongo }: RunFile): number[] => [...kafka, ...mongo].map(({ pid }) => pid);
/** Cuts or heals the links to all other servers of the same kind. */
const isolate = async (op: 'cut' | 'heal', name: string): Promise<void> => {
  const kind = name.slice(0, 5);
  for (const peer of SERVERS) if (peer !== name && peer.startsWith(kind)) await ask({ op, name, peer });
};
/** Like eventually. The error has the last lines of every log. */
const eventuallyWithLogs = (attempt: () => Promise<void>, withinMs = 60_000): Promise<void> =>
  eventually(attempt, withinMs).catch((cause: Error) => {
    throw new Error(`${cause.message}\n${lastLogLines()}`, { cause });
  });
const lastLogLines = (): string => {
  const logs = ['links', ...SERVERS].map(
    (name) => [name, join(dirname(ready.runFile), 'logs', `${name}.log`)] as const,
  );
  const tail = (file: string) => readFileSync(file, 'utf8').split('\n').slice(-25).join('\n');
  return logs.map(([name, file]) => `--- ${name}\n${existsSync(file) ? tail(file) : 'no log'}`).join('\n');
};

/** The smallest number of in-sync replicas of any partition. A broker that is not isolated is asked. */
const fewestInSync = async (): Promise<number> => {
  const kafka = new Kafka({ brokers: ready.kafka.slice(1), logLevel: logLevel.NOTHING, retry: { retries: 1 } });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: ['wiber.messages'] });
    return Math.min(...topics[0]!.partitions.map(({ isr }) => isr.length));
  } finally {
    await admin.disconnect();
  }
};

/** The state that each member reports, in the order of their names. */
const states = async (): Promise<string[]> => {
  const hosts = runNow().mongo.map(({ address }) => address);
  return Promise.all(
    hosts.map(async (host) => {
      const options = { serverSelectionTimeoutMS: 1000, directConnection: true };
      const client = new mongoose.mongo.MongoClient(`mongodb://${host}/`, options);
      try {
        const hello = await client.db('admin').command({ hello: 1 });
        return hello['isWritablePrimary'] ? 'primary' : hello['secondary'] ? 'secondary' : 'neither';
      } catch {
        return 'no answer';
      } finally {
        await client.close();
      }
    }),
  );
};
const setIsHealthy = async (): Promise<void> =>
  expect((await states()).sort()).toEqual(['primary', 'secondary', 'secondary']);
const replicasInSync = async (count: number): Promise<void> => expect(await fewestInSync()).toBe(count);

test('the topic is created with settings that keep every record', async () => {
  const admin = new Kafka({ brokers: ready.kafka, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configNames = ['retention.ms', 'cleanup.policy', 'message.timestamp.type', 'compression.type'];
  const topic = { type: ConfigResourceTypes.TOPIC, name: 'wiber.messages', configNames };
  const { resources } = await admin.describeConfigs({ resources: [topic], includeSynonyms: false });
  await admin.disconnect();
  expect(
    Object.fromEntries(resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue])),
  ).toEqual({
    'retention.ms': '-1',
    'cleanup.policy': 'delete',
    'message.timestamp.type': 'LogAppendTime',
    'compression.type': 'uncompressed',
  });
});

test('a broker that is cut off leaves the in-sync replicas, and joins them again after the heal', async () => {
  await eventuallyWithLogs(() => replicasInSync(3));
  await isolate('cut', 'kafka-1');
  await eventuallyWithLogs(() => replicasInSync(2));
  expect(startTimeOf(Number((await ask({ op: 'resume', name: 'kafka-1' }))['pid']))).toBeDefined();
  await isolate('heal', 'kafka-1');
  await eventuallyWithLogs(() => replicasInSync(3));
}, 150_000);

test('a primary that is cut off steps down and another is elected; after the heal there is one primary', async () => {
  await eventuallyWithLogs(setIsHealthy);
  const before = (await states()).indexOf('primary');
  const name = `mongo-${before + 1}`;
  await isolate('cut', name);
  await eventuallyWithLogs(async () => {
    const now = await states();
    expect([now[before], now]).toEqual(['secondary', expect.arrayContaining(['primary'])]);
  });
  await isolate('heal', name);
  await eventuallyWithLogs(setIsHealthy);
}, 150_000);

test('a full disk ends a server; when the disk has space again, the server comes back by itself', async () => {
  const filled = await stack.ask({ op: 'fill', name: 'mongo-1' });
  if (!filled['ok']) {
    // This machine allows no mounts. The start and every fill must say so.
    expect(filled).toMatchObject({ code: 'small_disk_refused' });
    expect(stack.stderr).toContain('small_disk_refused');
    return;
  }
  const pids = [filled['pid'], (await ask({ op: 'fill', name: 'kafka-1' }))['pid']];
  const writes = keepWriting();
  await until(
    () => runNow().mongo[0]!.pid !== pids[0] && runNow().kafka[0]!.pid !== pids[1],
    'both servers have ended',
  );
  for (const name of ['kafka-1', 'mongo-1']) await ask({ op: 'free', name });
  await eventuallyWithLogs(() => replicasInSync(3), 90_000);
  await eventuallyWithLogs(setIsHealthy, 90_000);
  await writes();
}, 200_000);

/** Writes to both servers until the returned function is called. */
const keepWriting = (): (() => Promise<void>) => {
  const client = new mongoose.mongo.MongoClient(ready.mongoUri);
  const producer = new Kafka({ brokers: ready.kafka, logLevel: logLevel.NOTHING }).producer();
  let ending = false;
  const text = 'x'.repeat(50_000);
  const loop = async (write: () => Promise<unknown>) => {
    while (!ending) await write().catch(() => undefined);
  };
  const messages = [{ value: text }];
  const writers = [
    loop(() =>
      client
        .db('disk')
        .collection('full')
        .insertOne({ text }, { writeConcern: { w: 1 } }),
    ),
    producer.connect().then(() => loop(() => producer.send({ topic: 'wiber.messages', messages }))),
  ];
  return async () => {
    ending = true;
    await Promise.all(writers);
    await producer.disconnect();
    await client.close();
  };
};

test.each([
  [{ op: 'cut', name: 'kafka-1', peer: 'kafka-9' }, 'no process is called kafka-9; there are '],
  [{ op: 'fill', name: 'kafka-2' }, 'kafka-2 has no small disk'],
  [{ op: 'melt', name: 'kafka-2' }, "'melt' is not an op; there are kill, stop, "],
])('a request that cannot be executed is refused with a reason (%#)', async (request, reason) => {
  const answer = await stack.ask(request);
  expect(answer).toMatchObject({ ok: false });
  if (answer['code'] !== 'small_disk_refused') expect(answer['error']).toContain(reason);
});

test.each([
  [['--links'], '--links and --small-disks can break a system; use them only with --ephemeral --json'],
  [['--ephemeral', '--json', '--small-disks', 'kafka-7'], '--small-disks names kafka-7; there are kafka-1, mongo-1'],
])('wrong flags end the start with one line: %j', async (flags, line) => {
  const refused = new StackRun(['servers', ...flags], root);
  expect(await refused.ended).toBe(1);
  expect(refused.stderr.trim()).toBe(`wiber: ${line}`);
});

test('a cluster of three ends in time after SIGTERM: no server has to be killed', async () => {
  const pids = pidsOf(runNow());
  const startedAt = performance.now();
  stack.child.kill('SIGTERM');
  expect(await stack.ended).toBe(0);
  expect(pids.filter((pid) => startTimeOf(pid) !== undefined)).toEqual([]);
  // A server that has not ended after 15 s is killed.
  expect(performance.now() - startedAt).toBeLessThan(14_000);
});

test('kill -9 of the stack leaves no server, no folder and no mount', async () => {
  small = new StackRun(['servers', '--ephemeral', '--json', '--links', '--small-disks', 'kafka-1,mongo-1'], root);
  const { runFile } = JSON.parse(await small.firstLine) as Ready;
  const pids = pidsOf(JSON.parse(readFileSync(runFile, 'utf8')) as RunFile);
  expect(pids.map(startTimeOf)).not.toContain(undefined);
  small.child.kill('SIGKILL');
  await until(() => pids.every((pid) => startTimeOf(pid) === undefined), 'the servers have ended');
  await until(() => !existsSync(dirname(runFile)), 'the folder is gone');
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(dirname(runFile));
});
