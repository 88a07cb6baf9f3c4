import type { NewTopic } from '../probe/kafka.probe.ts';
import { deadLetterRisksOf } from '../probe/topic.settings.ts';
import { prepareDeadLetterTopic } from './dead-letter.topic.ts';

const LARGEST = 1_048_588;
const ROOM = 64 * 1024;

/** A cluster with these topics and their settings; records what is created and logged. */
const clusterWith = (topics: Record<string, Record<string, string>>) => {
  const created: NewTopic[] = [];
  const lines: string[] = [];
  const admin = {
    settingsOf: async (topic: string) => new Map(Object.entries(topics[topic] ?? {})),
    topicNames: async () => Object.keys(topics),
    createTopic: async (plan: NewTopic) => void created.push(plan),
  };
  const log = (level: string, text: string) => void lines.push(`${level}: ${text}`);
  const prepare = () => prepareDeadLetterTopic(admin, { topic: 'chat', partitions: 2, log });
  return { created, lines, prepare };
};

const chat = (compression = 'uncompressed') => ({
  'compression.type': compression,
  'max.message.bytes': String(LARGEST),
});

test('the topic is created where it does not exist: it keeps letters for ever and accepts the largest record with its headers', async () => {
  const { created, lines, prepare } = clusterWith({ chat: chat() });
  await prepare();
  const settings = {
    'cleanup.policy': 'delete',
    'compression.type': 'uncompressed',
    'message.timestamp.type': 'LogAppendTime',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'unclean.leader.election.enable': 'false',
    'max.message.bytes': String(LARGEST + ROOM),
  };
  expect(created).toEqual([{ topic: 'chat.dlq', partitions: 2, config: settings }]);
  expect(lines).toEqual(['info: the dead-letter topic was created']);
});

test('whatever the defaults of the brokers are, the topic that is created has no setting that the start finds fault with', async () => {
  const defaults = {
    'cleanup.policy': 'compact',
    'compression.type': 'zstd',
    'message.timestamp.type': 'CreateTime',
    'retention.ms': '604800000',
    'retention.bytes': '1073741824',
    'unclean.leader.election.enable': 'true',
    'max.message.bytes': '1000',
    'min.insync.replicas': '2',
  };
  const { created, prepare } = clusterWith({ chat: chat() });
  await prepare();
  const settings = new Map(Object.entries({ ...defaults, ...created[0]?.config }));
  expect(deadLetterRisksOf(settings, 3)).toEqual([]);
});

test('an existing topic is left as it is, and nothing is logged when its settings fit', async () => {
  const dlq = { 'max.message.bytes': String(LARGEST + ROOM) };
  const { created, lines, prepare } = clusterWith({ chat: chat('gzip'), 'chat.dlq': dlq });
  await prepare();
  expect([created, lines]).toEqual([[], []]);
});

test('an existing topic that accepts too few bytes is logged as an error that names the setting and its value', async () => {
  const dlq = { 'max.message.bytes': String(LARGEST + ROOM - 1) };
  const { lines, prepare } = clusterWith({ chat: chat(), 'chat.dlq': dlq });
  await prepare();
  expect(lines).toEqual([expect.stringMatching(/^error: .*raise max\.message\.bytes of chat\.dlq to 1114124$/)]);
});

test.each(['producer', 'snappy', 'lz4', 'zstd'])(
  'a topic with compression.type %s is logged as an error, because kafkajs may not read its records',
  async (compression) => {
    const { lines, prepare } = clusterWith({ chat: chat(compression) });
    await prepare();
    expect(lines[0]).toMatch(/^error: .*set compression\.type of chat to uncompressed$/);
  },
);

test('a dead-letter topic for the largest messages that Kafka can be set to takes the largest that Kafka takes', async () => {
  const { created, prepare } = clusterWith({ chat: { ...chat(), 'max.message.bytes': '2147483647' } });
  await prepare();
  expect(created.map(({ config }) => config['max.message.bytes'])).toEqual(['2147483647']);
});

test('a topic whose name keeps Kafka from making the dead-letter topic is named', async () => {
  const { created, prepare } = clusterWith({ chat: chat(), chat_dlq: {} });
  await expect(prepare()).rejects.toThrow('Kafka makes no topic chat.dlq beside the topic chat_dlq: delete that one');
  expect(created).toEqual([]);
});
