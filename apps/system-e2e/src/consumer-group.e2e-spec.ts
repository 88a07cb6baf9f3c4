import type { Message } from '@wiber/contracts';
import { GroupReader, StoreReader } from '@wiber/evidence';
import { AppProcess, FaultyMongo, TopicAdmin, createTopic, eventually, freshSystem } from '@wiber/harness';
import { allStored, append, drained, messageOf } from './log.client.ts';

const STORED = 'wiber_messages_stored_total';
let env: Record<string, string>;
let group: GroupReader;
let store: StoreReader;
const running: AppProcess[] = [];

beforeEach(async () => {
  env = { ...(await freshSystem()), KAFKA_SESSION_TIMEOUT_MS: '3000' };
  group = new GroupReader(env);
  store = await StoreReader.openFor(env);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.end('SIGKILL')));
  await store.close();
});

const ingest = async (settings: Record<string, string> = {}): Promise<AppProcess> => {
  const app = await AppProcess.start('ingest', { ...env, ...settings });
  running.push(app);
  return app;
};

const messagesOf = (count: number): Message[] => Array.from({ length: count }, (_, index) => messageOf(index));
const readiness = async (app: AppProcess): Promise<unknown> => (await fetch(`${app.url}/health/readiness`)).json();
const breakers = { 'mongodb-write': 'closed' };
const READY = { status: 'ready', kafka: 'connected', mongodb: 'connected', breakers };
const OUT = { status: 'not_ready', kafka: 'disconnected', mongodb: 'connected', breakers };

test('instances share the partitions and each record is stored by one of them; an instance without a partition waits and is ready', async () => {
  const apps = await Promise.all([1, 2, 3, 4].map(() => ingest()));
  const shares = await eventually(async () => {
    const members = await group.members();
    expect(members.map(({ partitions }) => partitions.length).sort()).toEqual([0, 1, 1, 1]);
    return members.flatMap(({ partitions }) => partitions).sort();
  });
  expect(shares).toEqual([0, 1, 2]);
  const messages = messagesOf(3000);
  await append(env, messages);
  await drained(group);
  const stored = await Promise.all(apps.map((app) => app.metric(STORED)));
  expect(stored.sort((a, b) => a - b)).toEqual([0, 1000, 1000, 1000]);
  expect(await store.count()).toBe(3000);
  expect(await Promise.all(apps.map(readiness))).toEqual([READY, READY, READY, READY]);
});

test('an ingest whose store is silent for longer than a session stays in the group, and stores the batch later', async () => {
  const wire = await FaultyMongo.start(env['MONGO_URI'] ?? '');
  const app = await ingest({ MONGO_URI: wire.uri });
  const [member] = await group.members();
  let inserts = 0;
  wire.fault = () => (inserts++ === 0 ? 'hang' : 'pass');
  const asked = Date.now();
  await append(env, messagesOf(30));
  await eventually(() => expect(inserts).toBeGreaterThan(0));
  await eventually(async () => {
    expect(await group.members()).toEqual([member]);
    expect(await readiness(app)).toEqual(READY);
    expect(Date.now() - asked).toBeGreaterThan(3 * 3000);
  });
  // Else the driver would wait for this answer for 20 s.
  wire.cutAll();
  await drained(group, 60_000);
  expect(await group.members()).toEqual([member]);
  expect(await store.count()).toBe(30);
  await wire.close();
});

test('a process that hangs for longer than its session loses its partitions to another, rejoins, and puts no offset back', async () => {
  const hung = await ingest();
  await append(env, messagesOf(6000));
  await eventually(async () => expect(await hung.metric(STORED)).toBeGreaterThan(0));
  hung.signal('SIGSTOP');
  const other = await ingest();
  await append(env, messagesOf(3000));
  await drained(group);
  const before = await group.committed();
  const [survivor] = await group.members();
  expect(survivor?.partitions).toEqual([0, 1, 2]);
  hung.signal('SIGCONT');
  await eventually(async () => {
    const committed = await group.committed();
    expect(committed.every((offset, partition) => offset >= (before[partition] ?? 0))).toBe(true);
    expect((await group.members()).map(({ partitions }) => partitions.length).sort()).toEqual([1, 2]);
    expect(await readiness(hung)).toEqual(READY);
  });
  await append(env, messagesOf(300));
  await drained(group);
  expect((await group.committed()).every((offset, partition) => offset > (before[partition] ?? 0))).toBe(true);
  const documents = await allStored(store);
  expect(new Set(documents.map(({ messageId }) => messageId)).size).toBe(9300);
  expect(await readiness(other)).toEqual(READY);
});

test('readiness and metrics show a crashed consumer, and a new one takes over in the same process', async () => {
  const app = await ingest();
  expect(await app.metric('wiber_consumer_joined')).toBe(1);
  await append(env, messagesOf(30));
  await drained(group);
  await new TopicAdmin(env).deleteTopic();
  await eventually(async () => expect(await app.metric('wiber_consumer_crashes_total')).toBeGreaterThan(0));
  expect(await readiness(app)).toEqual(OUT);
  expect(await app.metric('wiber_consumer_joined')).toBe(0);
  await createTopic((env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','), {
    topic: env['KAFKA_TOPIC'] ?? '',
    partitions: 3,
  });
  await append(env, messagesOf(60));
  await drained(group);
  expect(await store.count()).toBe(90);
  expect(await readiness(app)).toEqual(READY);
  expect(await app.metric('wiber_consumer_joined')).toBe(1);
});

test('ingest waits for a topic that does not exist yet, and then reads it from its beginning', async () => {
  const topic = `later-${env['KAFKA_TOPIC']}`;
  env = { ...env, KAFKA_TOPIC: topic };
  group = new GroupReader(env);
  const app = await AppProcess.start('ingest', env, 'liveness');
  running.push(app);
  await eventually(() => expect(app.output).toContain('the lanes to Kafka are not open yet'));
  expect(await readiness(app)).toEqual(OUT);
  await createTopic((env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','), { topic, partitions: 3 });
  await append(env, messagesOf(30));
  await drained(group);
  expect(await store.count()).toBe(30);
});
