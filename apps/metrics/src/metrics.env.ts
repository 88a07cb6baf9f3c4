import { DEFAULT_DATABASE, DEFAULT_COLLECTION, DEFAULT_TOPIC } from '@wiber/contracts';

const env = process.env;

/** The one reader of this app's environment. */
export const METRICS_ENV = {
  host: env.METRICS_HOST ?? '127.0.0.1',
  port: Number(env.METRICS_PORT ?? 8200),
  instance: env.INSTANCE ?? 'metrics-1',
  logLevel: env.LOG_LEVEL ?? 'info',
  brokers: (env.KAFKA_BOOTSTRAP_SERVERS ?? '127.0.0.1:9092').split(','),
  topic: env.KAFKA_TOPIC ?? DEFAULT_TOPIC,
  mongoUri: env.MONGO_URI ?? 'mongodb://127.0.0.1:27017/?replicaSet=wiber',
  database: env.MONGO_DB ?? DEFAULT_DATABASE,
  collection: env.MONGO_COLLECTION ?? DEFAULT_COLLECTION,
} as const;
