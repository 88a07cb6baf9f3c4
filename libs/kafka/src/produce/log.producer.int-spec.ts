import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { createTopic, eventually, testServers } from '@wiber/harness';
import { createKafka } from '../client/kafka.client.ts';
import { KafkaProbe } from '../probe/kafka.probe.ts';
import { LogProducer } from './log.producer.ts';

const brokers = testServers().kafka;
const lines: string[] = [];
const log = (_: string, message: string, detail: object) => {
  const { error } = detail as { error?: Error };
  lines.push(`${message} ${error?.message ?? ''}`);
};
const kafka = createKafka({ brokers, clientId: 'spec', log });
const quiet = new Kafka({ brokers, logLevel: logLevel.NOTHING });
const opened: LogProducer[] = [];
let admin: Admin;

beforeAll(async () => {
  admin = quiet.admin();
  await admin.connect();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((producer) => producer.close(1000)));
});

afterAll(async () => {
  await admin?.disconnect();
});

const topicWith = async (partitions: number, config: Record<string, string> = {}): Promise<string> => {
  const topic = `log-${randomUUID().slice(0, 8)}`;
  await createTopic(brokers, { topic, partitions, config });
  return topic;
};

const producerOf = (topic: string, partitions?: number): LogProducer => {
  const producer = new LogProducer({ kafka, topic, partitions, log });
  opened.push(producer);
  return producer;
};

const endOf = async (topic: string): Promise<number> =>
  (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);

test('records that exceed one produce request are sent in several, and a record that the topic never accepts blocks no other', async () => {
  const topic = await topicWith(1, { 'max.message.bytes': '20000' });
  const producer = producerOf(topic);
  await producer.connect();
  const value = 'x'.repeat(2000);
  const [huge, ...sent] = await Promise.allSettled([
    producer.send({ key: 'k', value: 'x'.repeat(30_000) }),
    ...Array.from({ length: 60 }, () => producer.send({ key: 'k', value })),
  ]);
  expect(huge).toMatchObject({ status: 'rejected', reason: { code: 'log_unavailable' } });
  expect(sent.map((one) => one.status === 'fulfilled' && one.value.offset)).toEqual(sent.map((_, index) => index));
  expect(await endOf(topic)).toBe(60);
});

test('many of the largest possible messages, sent at once to one partition of a topic with default settings, are acknowledged', async () => {
  const topic = await topicWith(1);
  const producer = producerOf(topic);
  await producer.connect();
  const value = JSON.stringify({ content: '\u0000'.repeat(5000) });
  await Promise.all(Array.from({ length: 100 }, () => producer.send({ key: 'k', value })));
  expect(await endOf(topic)).toBe(100);
});

test('the producer waits for a topic that does not exist yet and uses it when it exists', async () => {
  const topic = `log-${randomUUID().slice(0, 8)}`;
  const producer = producerOf(topic);
  const connected = producer.connect();
  await expect(producer.send({ key: 'k', value: 'early' })).rejects.toMatchObject({ code: 'log_unavailable' });
  await eventually(() => expect(lines.join('\n')).toContain('not open yet'));
  expect(await admin.listTopics()).not.toContain(topic);
  await createTopic(brokers, { topic, partitions: 2 });
  await connected;
  expect(await producer.send({ key: 'k', value: 'v' })).toMatchObject({ offset: 0 });
});

test('partitions that are added while it runs move no key, and a producer that is set to the old number refuses the new one', async () => {
  const topic = await topicWith(2);
  const keys = Array.from({ length: 50 }, (_, index) => `user${index}:user${index + 1}`);
  const producer = producerOf(topic, 2);
  await producer.connect();
  const before = keys.map((key) => producer.partitionFor(key));
  await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
  await eventually(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(topics[0]?.partitions).toHaveLength(5);
  });
  await Promise.all(keys.map((key) => producer.send({ key, value: 'v' })));
  expect(keys.map((key) => producer.partitionFor(key))).toEqual(before);
  const restarted = producerOf(topic, 2);
  const connected = restarted.connect();
  await eventually(() => expect(lines.join('\n')).toContain('5 partitions, and not the 2 set'));
  await expect(restarted.send({ key: 'k', value: 'v' })).rejects.toMatchObject({ code: 'log_unavailable' });
  await restarted.close(0);
  await connected;
});

test('a probe that gets several calls before it is connected keeps one connection', async () => {
  const topic = await topicWith(3);
  const admins: Admin[] = [];
  const counted = Object.assign(Object.create(kafka) as Kafka, {
    admin: (...config: Parameters<Kafka['admin']>) => {
      const one = kafka.admin(...config);
      admins.push(one);
      return one;
    },
  });
  const probe = new KafkaProbe(counted);
  const disconnected = new Set<Admin>();
  const answers = Promise.all(Array.from({ length: 5 }, () => probe.leadersOf(topic, 5000)));
  for (const one of admins) one.on(one.events.DISCONNECT, () => void disconnected.add(one));
  expect((await answers).map((leaders) => leaders.length)).toEqual([3, 3, 3, 3, 3]);
  await eventually(() => expect(disconnected.size).toBe(admins.length - 1));
  await probe.close();
  await eventually(() => expect(disconnected.size).toBe(admins.length));
});
