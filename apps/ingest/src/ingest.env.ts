import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';

const env = process.env;

/** The one reader of this app's environment. */
export const INGEST_ENV = {
  host: env.INGEST_HOST ?? '127.0.0.1',
  port: Number(env.INGEST_PORT ?? 8100),
  instance: env.INSTANCE ?? 'ingest-1',
  logLevel: env.LOG_LEVEL ?? 'info',
  brokers: (env.KAFKA_BOOTSTRAP_SERVERS ?? '127.0.0.1:9092').split(','),
  topic: env.KAFKA_TOPIC ?? DEFAULT_TOPIC,
  group: env.KAFKA_CONSUMER_GROUP ?? DEFAULT_CONSUMER_GROUP,
  sessionTimeoutMs: Number(env.KAFKA_SESSION_TIMEOUT_MS ?? 30_000),
  mongoUri: env.MONGO_URI ?? 'mongodb://127.0.0.1:27017/?replicaSet=wiber',
  database: env.MONGO_DB ?? DEFAULT_DATABASE,
  collection: env.MONGO_COLLECTION ?? DEFAULT_COLLECTION,
} as const;
