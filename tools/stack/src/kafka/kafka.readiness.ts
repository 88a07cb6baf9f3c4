import { Kafka, logLevel } from 'kafkajs';
import { retryUntilReady } from '../processes/ready.wait.ts';
import { seedsOf } from './broker.seeds.ts';
import { replicasOf } from './kafka.options.ts';

export interface TopicPlan {
  topic: string;
  partitions: number;
}

export interface KafkaWait {
  addresses: string[];
  topics: TopicPlan[];
  withinMs: number;
  signal: AbortSignal;
}

const TOPIC_CONFIG = [
  { name: 'message.timestamp.type', value: 'LogAppendTime' },
  // The log is kept for ever. Brokers that the stack did not start have a default of 7 days.
  { name: 'retention.ms', value: '-1' },
  { name: 'retention.bytes', value: '-1' },
  // Records are stored uncompressed, also when a producer compressed them: the apps read no codec but gzip.
  { name: 'compression.type', value: 'uncompressed' },
];

/** Waits until all brokers answer, then creates the topics that are missing. */
export const awaitKafka = ({ addresses, topics, withinMs, signal }: KafkaWait): Promise<void> => {
  const kafka = new Kafka({
    ...seedsOf(addresses),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    retry: { retries: 0 },
  });
  const attempt = () => createMissingTopics(kafka, addresses.length, topics);
  return retryUntilReady({ server: 'Kafka', noAnswer: 'no broker answers yet', attempt, withinMs, signal });
};

const createMissingTopics = async (kafka: Kafka, brokerCount: number, topics: TopicPlan[]): Promise<void> => {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length < brokerCount) throw new Error(`${brokers.length} of ${brokerCount} brokers are up`);
    const present = new Set(await admin.listTopics());
    const missing = topics.filter(({ topic }) => !present.has(topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ topic, partitions }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replicasOf(brokerCount),
        configEntries: TOPIC_CONFIG,
      })),
    });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
