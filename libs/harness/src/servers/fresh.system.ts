import { randomUUID } from 'node:crypto';
import { createTopic } from '../kafka/topic.admin.ts';

/** The servers of this test run, which the global setup started. */
export const testServers = (): { kafka: string[]; mongoUri: string } => {
  const { WIBER_TEST_KAFKA, WIBER_TEST_MONGO_URI } = process.env;
  if (!WIBER_TEST_KAFKA || !WIBER_TEST_MONGO_URI) throw new Error('no test servers: run npm test');
  return { kafka: WIBER_TEST_KAFKA.split(','), mongoUri: WIBER_TEST_MONGO_URI };
};

/** The environment of a new system: a topic that exists, and a group and a database that nobody else uses. */
export const freshSystem = async (
  servers: { kafka: string[]; mongoUri: string; kafkaLogin?: Readonly<Record<string, string>> } = testServers(),
  partitions = 3,
): Promise<Record<string, string>> => {
  const unique = randomUUID().slice(0, 8);
  const topic = `messages-${unique}`;
  await createTopic(servers.kafka, { topic, partitions });
  return {
    KAFKA_BOOTSTRAP_SERVERS: servers.kafka.join(','),
    ...servers.kafkaLogin,
    MONGO_URI: servers.mongoUri,
    KAFKA_TOPIC: topic,
    KAFKA_CONSUMER_GROUP: `group-${unique}`,
    MONGO_DB: `wiber-${unique}`,
  };
};
