import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';

const env = process.env;

/** The one reader of this app's environment. */
export const GATEWAY_ENV = {
  host: env.API_HOST ?? '127.0.0.1',
  port: Number(env.API_PORT ?? 8000),
  instance: env.INSTANCE ?? 'gateway-1',
  logLevel: env.LOG_LEVEL ?? 'info',
  brokers: (env.KAFKA_BOOTSTRAP_SERVERS ?? '127.0.0.1:9092').split(','),
  topic: env.KAFKA_TOPIC ?? DEFAULT_TOPIC,
  /** How many partitions the topic must have; unset: as many as it has when this gateway starts. */
  partitions: env.KAFKA_PARTITIONS === undefined ? undefined : Number(env.KAFKA_PARTITIONS),
  group: env.KAFKA_CONSUMER_GROUP ?? DEFAULT_CONSUMER_GROUP,
  mongoUri: env.MONGO_URI ?? 'mongodb://127.0.0.1:27017/?replicaSet=wiber',
  database: env.MONGO_DB ?? DEFAULT_DATABASE,
  collection: env.MONGO_COLLECTION ?? DEFAULT_COLLECTION,
  /** How long a read may take before 503, in milliseconds. */
  readDeadlineMs: Number(env.READ_DEADLINE_MS ?? 1500),
} as const;
