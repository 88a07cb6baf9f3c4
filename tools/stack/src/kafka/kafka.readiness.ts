import { Kafka, logLevel, type Admin, type KafkaConfig } from 'kafkajs';
import { retryUntilReady } from '../processes/ready.wait.ts';
import { seedsOf } from './broker.seeds.ts';
import { StackError } from '../stack.errors.ts';
import { replicasOf } from './kafka.options.ts';

export interface TopicPlan {
  topic: string;
  partitions: number;
  /** KAFKA_PARTITIONS is set: gateways then serve no topic with another number. */
  isNumberGiven: boolean;
}

export interface KafkaWait {
  addresses: string[];
  /** How many brokers the stack started; undefined for brokers that already ran, where several addresses may name one. */
  started: number | undefined;
  topics: TopicPlan[];
  /** How this client logs in. */
  login?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  withinMs: number;
  signal: AbortSignal;
}

const TOPIC_CONFIG = [
  { name: 'message.timestamp.type', value: 'LogAppendTime' },
  { name: 'cleanup.policy', value: 'delete' },
  // The log is kept for ever. Brokers that the stack did not start have a default of 7 days.
  { name: 'retention.ms', value: '-1' },
  { name: 'retention.bytes', value: '-1' },
  // Records are stored uncompressed, also when a producer compressed them: the apps read no codec but gzip.
  { name: 'compression.type', value: 'uncompressed' },
];

/**
 * Waits until all brokers answer, then creates the topics that are missing.
 * @throws StackError when they do not in time, or a topic has another number of partitions than KAFKA_PARTITIONS
 */
export const awaitKafka = ({ addresses, started, topics, login = {}, withinMs, signal }: KafkaWait): Promise<void> => {
  const attempt = async () => {
    if (started === undefined) for (const address of addresses) await requireBroker(address, login);
    await withAdmin({ addresses, login }, (admin) => createMissingTopics(admin, started, topics));
  };
  return retryUntilReady({ server: 'Kafka', noAnswer: 'no broker answers yet', attempt, withinMs, signal });
};

interface AdminPlan {
  addresses: readonly string[];
  login: NonNullable<KafkaWait['login']>;
}

const withAdmin = async ({ addresses, login }: AdminPlan, work: (admin: Admin) => Promise<void>): Promise<void> => {
  const kafka = new Kafka({
    ...seedsOf(addresses),
    ...login,
    logLevel: logLevel.NOTHING,
    // A broker that has just begun is slow in its first handshakes of TLS.
    connectionTimeout: login.ssl ? 5000 : 1000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

/** A broker that is down is not among those that the others name, and would get no replica. */
const requireBroker = (address: string, login: AdminPlan['login']): Promise<void> =>
  withAdmin({ addresses: [address], login }, async () => undefined).catch((cause: unknown) => {
    throw new Error(`the broker ${address} does not answer`, { cause });
  });

const createMissingTopics = async (admin: Admin, started: number | undefined, topics: TopicPlan[]): Promise<void> => {
  const { brokers } = await admin.describeCluster();
  if (started !== undefined && brokers.length < started)
    throw new Error(`${brokers.length} of ${started} brokers are up`);
  const names = new Set(await admin.listTopics());
  const present = topics.filter(({ topic }) => names.has(topic));
  for (const plan of present) if (plan.isNumberGiven) await requirePartitions(admin, plan);
  const missing = topics.filter(({ topic }) => !names.has(topic));
  if (missing.length === 0) return;
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map(({ topic, partitions }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replicasOf(brokers.length),
      configEntries: TOPIC_CONFIG,
    })),
  });
};

const requirePartitions = async (admin: Admin, { topic, partitions }: TopicPlan): Promise<void> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const found = topics[0]?.partitions.length ?? 0;
  if (found === partitions) return;
  throw new StackError(
    `the topic ${topic} has ${found} partitions, and KAFKA_PARTITIONS is ${partitions}; unset it, or set it to ${found}. ` +
      'docs/reference.md says how to change the number on purpose',
  );
};
