import { randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import kafkajs, { Kafka, logLevel } from 'kafkajs';
import { eventually } from './eventually.ts';

/** The servers of this run, from the global setup. */
export const testServers = (): { kafka: string[]; mongoUri: string } => {
  const { WIBER_TEST_KAFKA, WIBER_TEST_MONGO_URI } = process.env;
  if (!WIBER_TEST_KAFKA || !WIBER_TEST_MONGO_URI) throw new Error('no test servers: run npm test');
  return { kafka: WIBER_TEST_KAFKA.split(','), mongoUri: WIBER_TEST_MONGO_URI };
};

export interface TopicPlan {
  topic: string;
  partitions: number;
  config?: Record<string, string>;
}

/** Resolves once each partition has a leader: a broker learns of a new topic only some time after it was made. */
export const createTopic = async (brokers: string[], { topic, partitions, config = {} }: TopicPlan): Promise<void> => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const settings = { 'message.timestamp.type': 'LogAppendTime', 'compression.type': 'uncompressed', ...config };
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: partitions, configEntries }] });
  await eventually(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const led = topics[0]?.partitions.filter(({ leader, isr }) => leader >= 0 && isr.length > 0).length;
    if (led !== partitions) throw new Error(`${led} of ${partitions} partitions of ${topic} have a leader`);
  });
  await admin.disconnect();
};

/** The settings of a system of one's own: a topic that exists, a group and a database that nobody else uses. */
export const freshSystem = async (
  servers: { kafka: string[]; mongoUri: string } = testServers(),
  partitions = 3,
): Promise<Record<string, string>> => {
  const unique = randomUUID().slice(0, 8);
  const topic = `messages-${unique}`;
  await createTopic(servers.kafka, { topic, partitions });
  return {
    KAFKA_BOOTSTRAP_SERVERS: servers.kafka.join(','),
    MONGO_URI: servers.mongoUri,
    KAFKA_TOPIC: topic,
    KAFKA_CONSUMER_GROUP: `group-${unique}`,
    MONGO_DB: `wiber-${unique}`,
  };
};

const { CompressionCodecs, CompressionTypes } = kafkajs;
const CODECS = { none: CompressionTypes.None, zstd: CompressionTypes.ZSTD } as const;
// kafkajs has none of its own for it.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async ({ buffer }: { buffer: Buffer }) => zstdCompressSync(buffer),
  decompress: () => Promise.reject(new Error('nothing here reads zstd')),
});

export interface RawRecord {
  key: string | Buffer | null;
  partition: number;
  value: Buffer | null;
  headers?: Record<string, string | Buffer>;
}

/** Appends records as they are to the topic of a system, past every check: for poison. */
export const appendRaw = async (
  env: Record<string, string>,
  messages: RawRecord[],
  compression: 'none' | 'zstd' = 'none',
): Promise<void> => {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '' } = env;
  const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages, compression: CODECS[compression] });
  await producer.disconnect();
};
