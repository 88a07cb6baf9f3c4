import { deadLetterTopicOf } from '@wiber/contracts';
import type { LogLine } from '../client/log.line.ts';
import type { KafkaProbe } from '../probe/kafka.probe.ts';

/** For the headers of a dead letter, beside a record as large as its own topic accepts, in bytes. */
const HEADERS_BYTES = 64 * 1024;
/**
 * Dead letters are kept for ever: an operator may look at one after any time. All that `deadLetterRisksOf` looks at is set,
 * but for what depends on the number of replicas: defaults of the brokers are for other topics.
 */
const SETTINGS = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'message.timestamp.type': 'LogAppendTime',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'unclean.leader.election.enable': 'false',
};
/**
 * With these kafkajs can read every record. With another the broker may keep a compression that kafkajs cannot read.
 */
const READABLE = new Set(['uncompressed', 'gzip']);
const ADMIN_MS = 5000;
/** Sizes of Kafka are signed 32-bit numbers. */
const BYTES_MAX = 0x7fff_ffff;

export type TopicAdmin = Pick<KafkaProbe, 'settingsOf' | 'topicNames' | 'createTopic'>;

export interface DeadLetterTopicPlan {
  /** The topic of the messages. */
  topic: string;
  /** Of a dead-letter topic that must be made. */
  partitions: number;
  log: LogLine;
}

/**
 * Creates the dead-letter topic of `topic` when it does not exist, with the default number of replicas of the brokers.
 * Settings that could lose a dead letter are logged as errors, with the setting to change.
 */
export const prepareDeadLetterTopic = async (
  admin: TopicAdmin,
  { topic, partitions, log }: DeadLetterTopicPlan,
): Promise<void> => {
  const settings = await admin.settingsOf(topic, ADMIN_MS);
  if (!READABLE.has(settings.get('compression.type') ?? '')) {
    const change = `set compression.type of ${topic} to uncompressed`;
    log('error', `a record that its producer compressed may be unreadable; ${change}`, { topic });
  }
  const largest = Math.min(Number(settings.get('max.message.bytes')) + HEADERS_BYTES, BYTES_MAX);
  const name = deadLetterTopicOf(topic);
  const present = await admin.topicNames(ADMIN_MS);
  if (!present.includes(name)) {
    refuseRival(present, name);
    const config = { ...SETTINGS, 'max.message.bytes': String(largest) };
    await admin.createTopic({ topic: name, partitions, config }, ADMIN_MS);
    log('info', 'the dead-letter topic was created', { topic: name });
    return;
  }
  const accepted = Number((await admin.settingsOf(name, ADMIN_MS)).get('max.message.bytes'));
  if (accepted >= largest) return;
  const change = `raise max.message.bytes of ${name} to ${largest}`;
  log('error', `the largest records of ${topic} could not become dead letters; ${change}`, { accepted });
};

/**
 * Kafka makes no topic whose name differs from that of another one only in dots and underscores: its metrics would have one
 * name (https://kafka.apache.org/documentation/#topicconfigs). @throws Error
 */
const refuseRival = (present: readonly string[], name: string): void => {
  const metricNameOf = (topic: string) => topic.replaceAll('.', '_');
  const rival = present.find((topic) => metricNameOf(topic) === metricNameOf(name));
  if (rival === undefined) return;
  throw new Error(
    `Kafka makes no topic ${name} beside the topic ${rival}: delete that one, or set another KAFKA_TOPIC`,
  );
};
