import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from './eventually.ts';

/** The servers of this run, from the global setup. */
export const testServers = (): { kafka: string[]; mongoUri: string } => {
  const { WIBER_TEST_KAFKA, WIBER_TEST_MONGO_URI } = process.env;
  if (!WIBER_TEST_KAFKA || !WIBER_TEST_MONGO_URI) throw new Error('no test servers: run npm test');
  return { kafka: WIBER_TEST_KAFKA.split(','), mongoUri: WIBER_TEST_MONGO_URI };
};

/** The settings of a system of one's own: a topic that exists, a group and a database that nobody else uses. */
export const freshSystem = async (
  servers: { kafka: string[]; mongoUri: string } = testServers(),
  partitions = 3,
): Promise<Record<string, string>> => {
  const unique = randomUUID().slice(0, 8);
  const topic = `messages-${unique}`;
  const kafka = new Kafka({ brokers: servers.kafka, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    // kafkajs gives up when the broker has not heard of the topic yet; asked below until each partition has a leader.
    waitForLeaders: false,
    topics: [
      { topic, numPartitions: partitions, configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }] },
    ],
  });
  await eventually(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const led = topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0;
    if (led < partitions) throw new Error(`${led} of ${partitions} partitions of ${topic} have a leader`);
  });
  await admin.disconnect();
  return {
    KAFKA_BOOTSTRAP_SERVERS: servers.kafka.join(','),
    MONGO_URI: servers.mongoUri,
    KAFKA_TOPIC: topic,
    KAFKA_CONSUMER_GROUP: `group-${unique}`,
    MONGO_DB: `wiber-${unique}`,
  };
};

/** Appends records as they are to the topic of a system, past every check: for poison. */
export const appendRaw = async (
  env: Record<string, string>,
  messages: { key: string; partition: number; value: Buffer | null }[],
): Promise<void> => {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '' } = env;
  const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
};
