import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, deadLetterTopicOf } from '@wiber/contracts';
import { GroupReader, StoreReader } from '@wiber/evidence';
import type { OwnSystem } from '@wiber/harness';
import { until } from '../processes/child.process.ts';
import type { Bench } from './bench.context.ts';

export const openStore = (mongoUri: string, database: string): Promise<StoreReader> =>
  StoreReader.open(mongoUri, { database, collection: DEFAULT_COLLECTION });

/** Runs `load`, which resolves to how many messages were acknowledged, and waits until ingest has stored all of them. */
export const drained = async <T extends { acked: number }>(bench: Bench, load: () => Promise<T>): Promise<T> => {
  const before = await bench.store.estimatedCount();
  const result = await load();
  await until(async () => (await bench.store.estimatedCount()) >= before + result.acked, {
    what: `${result.acked} messages are stored`,
    withinMs: 180_000,
  });
  return result;
};

/** The topic, as the group of the system's ingest reads it. */
export const groupOf = (system: OwnSystem, topic: string): GroupReader =>
  new GroupReader({
    KAFKA_BOOTSTRAP_SERVERS: system.kafka.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_CONSUMER_GROUP: DEFAULT_CONSUMER_GROUP,
  });

/** How many dead letters a topic has had. */
export const deadLettersOf = async (system: OwnSystem, topic: string): Promise<number> => {
  const ends = await groupOf(system, deadLetterTopicOf(topic)).ends();
  return ends.reduce((sum, end) => sum + end, 0);
};
