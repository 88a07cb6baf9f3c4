import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { kafkaLoginAt } from '../logins/server.logins.ts';
import { seedOf, socketFactory } from './broker.seeds.ts';
import { readHeadersInOneStep } from './linear.headers.ts';

readHeadersInOneStep();

/** A plain client, which logs in as the brokers ask. It starts at a random broker: kafkajs retries the first address only, and that broker may hang. */
export const kafkaClient = (brokers: readonly string[], options: Partial<KafkaConfig> = {}): Kafka =>
  new Kafka({
    logLevel: logLevel.NOTHING,
    ...kafkaLoginAt(brokers[0]),
    ...options,
    socketFactory,
    brokers: async () => brokers.toSorted(() => Math.random() - 0.5).map(seedOf),
  });
