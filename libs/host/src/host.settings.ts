import { DEFAULT_COLLECTION, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import { READ_CONCERNS, SAFE_STORE } from '@wiber/mongo';
import { readPreference, writeConcern } from './store.settings.ts';
import { brokers, choice, matching, whole, type SettingsOf } from './settings.reader.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Kafka's rule, kafka.common.internals.Topic: 1 to 249 of these, and neither `.` nor `..`. */
export const kafkaName = (variable: string, otherwise: string) =>
  matching(variable, {
    pattern: /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/,
    takes: '1 to 249 letters, digits and . _ -, not . or ..',
    otherwise,
  });

/** What every app is set by, each with its own address. */
export const hostSettings = (own: { app: string; prefix: string; port: number }) => ({
  host: matching(`${own.prefix}_HOST`, {
    pattern: /^[\w.:-]+$/,
    takes: 'the name or address to listen on',
    otherwise: '127.0.0.1',
  }),
  port: whole(`${own.prefix}_PORT`, { from: 0, to: 65_535, otherwise: own.port }),
  instance: matching('INSTANCE', {
    pattern: /^[\w.-]{1,100}$/,
    takes: '1 to 100 letters, digits and . _ -',
    otherwise: `${own.app}-1`,
  }),
  logLevel: choice('LOG_LEVEL', LEVELS, 'info'),
  brokers: brokers('KAFKA_BOOTSTRAP_SERVERS', '127.0.0.1:9092'),
  topic: kafkaName('KAFKA_TOPIC', DEFAULT_TOPIC),
  mongoUri: matching('MONGO_URI', {
    pattern: /^mongodb(\+srv)?:\/\/[^\s/]+/,
    takes: 'a MongoDB connection string, mongodb://host:port/?replicaSet=name',
    otherwise: 'mongodb://127.0.0.1:27017/?replicaSet=wiber',
  }),
  // MongoDB's rule for names on every platform: https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions
  database: matching('MONGO_DB', {
    pattern: /^[^/\\. "$*<>:|?\0]{1,63}$/,
    takes: '1 to 63 characters without / \\ . " $ * < > : | ? and space',
    otherwise: DEFAULT_DATABASE,
  }),
  collection: matching('MONGO_COLLECTION', {
    pattern: /^(?!system\.)[^$\0]{1,200}$/,
    takes: '1 to 200 characters without $, not starting with system.',
    otherwise: DEFAULT_COLLECTION,
  }),
  writeConcern: writeConcern('MONGO_WRITE_CONCERN'),
  readConcern: choice('MONGO_READ_CONCERN', READ_CONCERNS, SAFE_STORE.readConcern),
  readPreference: readPreference('MONGO_READ_PREFERENCE'),
});

export type HostSettings = SettingsOf<ReturnType<typeof hostSettings>>;
