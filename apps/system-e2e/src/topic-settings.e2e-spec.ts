import { deadLetterTopicOf } from '@wiber/contracts';
import { GroupReader } from '@wiber/evidence';
import { AppProcess, TopicAdmin, createTopic, eventually, freshSystem } from '@wiber/harness';
import { append, drained, messageOf } from './log.client.ts';

/** What is not named returns to its default, and this default is a risk of its own. */
const STAMPED = { 'message.timestamp.type': 'LogAppendTime' };

let env: Record<string, string>;
let topic: string;
let topicAdmin: TopicAdmin;
const apps: AppProcess[] = [];

beforeEach(async () => {
  env = await freshSystem();
  topic = env['KAFKA_TOPIC']!;
  topicAdmin = new TopicAdmin(env);
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.end('SIGKILL')));
});

const start = async (name: 'gateway' | 'ingest'): Promise<AppProcess> => {
  const app = await AppProcess.start(name, env);
  apps.push(app);
  return app;
};

test.each(['gateway', 'ingest'] as const)(
  'a topic that deletes records after a time makes %s say so at its start, with the command that mends it, and in a metric',
  async (name) => {
    await topicAdmin.setTopic(topic, { ...STAMPED, 'retention.ms': '604800000' });
    const app = await start(name);
    await eventually(async () => expect(await app.metric('wiber_topic_settings_unsafe')).toBe(1));
    expect(app.output).toMatch(new RegExp(`retention.ms of the topic ${topic} is 604800000: .* Run kafka-configs.sh `));
  },
);

test.each(['gateway', 'ingest'] as const)('a compacted topic ends %s with one line and code 1', async (name) => {
  await topicAdmin.setTopic(topic, { ...STAMPED, 'cleanup.policy': 'compact' });
  const { code, output } = await AppProcess.runToEnd(name, env);
  expect(code).toBe(1);
  expect(output).toMatch(/"level":60.*cleanup.policy of the topic \S+ is compact: .*cleanup.policy=delete"/);
});

test.each(['gateway', 'ingest'] as const)(
  'a topic whose brokers compress with zstd ends %s with one line and code 1',
  async (name) => {
    await topicAdmin.setTopic(topic, { ...STAMPED, 'compression.type': 'zstd' });
    const { code, output } = await AppProcess.runToEnd(name, env);
    expect(code).toBe(1);
    expect(output).toMatch(/"level":60.*compression.type of the topic \S+ is zstd: .*compression.type=uncompressed"/);
  },
);

test('a topic with the times of producers is an error line and a metric', async () => {
  await topicAdmin.setTopic(topic, { 'message.timestamp.type': 'CreateTime' });
  const gateway = await start('gateway');
  await eventually(async () => expect(await gateway.metric('wiber_topic_settings_unsafe')).toBe(1));
  expect(gateway.output).toMatch(/message.timestamp.type of the topic \S+ is CreateTime: .*LogAppendTime"/);
});

test('a compacted dead-letter topic ends ingest with one line and code 1', async () => {
  const letters = deadLetterTopicOf(topic);
  await createTopic(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), { topic: letters, partitions: 1 });
  await topicAdmin.setTopic(letters, { ...STAMPED, 'cleanup.policy': 'compact', 'max.message.bytes': '1200000' });
  const { code, output } = await AppProcess.runToEnd('ingest', env);
  expect(code).toBe(1);
  expect(output).toMatch(/"level":60.*cleanup.policy of the topic \S+ is compact: .*cleanup.policy=delete"/);
});

test('records that were deleted while ingest was away are an error and a metric of the next ingest, and the rest is stored', async () => {
  const group = new GroupReader(env);
  await append(env, [messageOf(1)]);
  const first = await start('ingest');
  await drained(group);
  await first.end();
  await append(
    env,
    [1, 2, 3, 4].map((index) => messageOf(1, { content: `m${index}` })),
  );
  await topicAdmin.dropBefore([0, 4, 0]);
  const ingest = await start('ingest');
  expect(await ingest.metric('wiber_records_cut_total')).toBe(3);
  expect(ingest.output).toContain('records were deleted from the log before ingest read them');
  await drained(group);
  expect(await ingest.metric('wiber_messages_stored_total')).toBe(1);
  expect(await ingest.metric('wiber_records_cut_total')).toBe(3);
});
