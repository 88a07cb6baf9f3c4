import { DEFAULT_TOPIC, INSTANCE_NAME, KAFKA_OWN_PREFIX, deadLetterTopicOf, isReservedTopic } from '@wiber/contracts';
import { READ_CONCERNS, SAFE_STORE, SHARD_KEYS } from '@wiber/mongo';
import { CLOCK_SETTINGS } from './clocks/clock.settings.ts';
import { httpSettings } from './http.settings.ts';
import { instanceName } from './instance.name.ts';
import { collectionName, databaseName, readPreference, writeConcern } from './store.variables.ts';
import { KAFKA_SECURITY_SETTINGS } from './security/kafka.security.settings.ts';
import { STORE_SECURITY_SETTINGS } from './security/store.security.settings.ts';
import { brokers, choice, matching, whole, type Setting, type SettingsOf } from './settings.reader.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const KAFKA_NAME_MAX = 249;

/** Kafka's rule for names, from its class org.apache.kafka.common.internals.Topic. */
export const kafkaName = (
  variable: string,
  { max = KAFKA_NAME_MAX, ...described }: { default: string; about: string; max?: number },
) =>
  matching(variable, {
    pattern: new RegExp(`^(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,${max}}$`),
    takes: `1 to ${max} letters, digits and . _ -, not . or ..`,
    ...described,
  });

const DEAD_LETTER_END = deadLetterTopicOf('');

/** A topic of messages. The topic of its dead letters needs a name that Kafka takes, too. */
const topicName = (variable: string, described: { default: string; about: string }): Setting<string> => {
  const name = kafkaName(variable, { ...described, max: KAFKA_NAME_MAX - DEAD_LETTER_END.length });
  return {
    ...name,
    takes: `${name.takes}, not starting with ${KAFKA_OWN_PREFIX} as topics of Kafka do, not ending with ${DEAD_LETTER_END} as topics of dead letters do`,
    read: (text) => (isReservedTopic(text) ? undefined : name.read(text)),
  };
};

const KAFKA_SETTINGS = {
  brokers: brokers('KAFKA_BOOTSTRAP_SERVERS', {
    about: 'The Kafka brokers to connect to first.',
    default: ['127.0.0.1:9092'],
  }),
  topic: topicName('KAFKA_TOPIC', {
    about: 'The topic of the messages; the dead letters are in the topic with the same name and .dlq at its end.',
    default: DEFAULT_TOPIC,
  }),
};

/**
 * An unescaped character of the password would make a part of it the host, which errors and logs show.
 * Source: https://www.mongodb.com/docs/manual/reference/connection-string/#components
 */
const HOST = String.raw`(?:\[[\da-fA-F:.]+\]|[^\s/?#@:,]+)(?::\d{1,5})?`;
const USER = String.raw`[^\s/?#@:]+(?::[^\s/?#@:]*)?@`;
const MONGO_URI = new RegExp(
  String.raw`^mongodb(?:\+srv)?://(?:${USER})?${HOST}(?:,${HOST})*(?:/[^\s/?#@]*)?(?:\?[^\s=&]+=\S*)?$`,
);

const STORE_SETTINGS = {
  mongoUri: matching('MONGO_URI', {
    about:
      'The MongoDB replica set; MONGO_WRITE_CONCERN, MONGO_READ_CONCERN and MONGO_READ_PREFERENCE override its options.',
    pattern: MONGO_URI,
    takes: 'a MongoDB connection string, mongodb://host:port/?replicaSet=name; user and password percent-encoded',
    default: 'mongodb://127.0.0.1:27017/?replicaSet=wiber',
  }),
  database: databaseName('MONGO_DB'),
  collection: collectionName('MONGO_COLLECTION'),
  writeConcern: writeConcern('MONGO_WRITE_CONCERN'),
  readConcern: choice('MONGO_READ_CONCERN', {
    about: 'The read concern of every read; local may show messages that a failover rolls back.',
    choices: READ_CONCERNS,
    default: SAFE_STORE.readConcern,
  }),
  readPreference: readPreference('MONGO_READ_PREFERENCE'),
  shardKey: choice('MONGO_SHARD_KEY', {
    about:
      'By what the collection of messages is sharded; every app needs the same. With conversationId a message is unique in its conversation, and an Idempotency-Key counts for one sender and one recipient.',
    choices: SHARD_KEYS,
    default: 'none',
  }),
};

/**
 * The settings of every app. `prefix` begins the names of its two address variables. `drainMs` is for an app that others
 * send requests to: the default of DRAIN_MS, in milliseconds.
 */
export const hostSettings = (own: { app: string; prefix: string; port: number; drainMs?: number }) => ({
  host: matching(`${own.prefix}_HOST`, {
    about: `The address on which ${own.app} listens.`,
    pattern: /^[\w.:-]+$/,
    takes: 'the name or address to listen on',
    default: '127.0.0.1',
  }),
  port: whole(`${own.prefix}_PORT`, {
    about: `The port on which ${own.app} listens; 0 takes any free port.`,
    from: 0,
    to: 65_535,
    default: own.port,
  }),
  instance: matching('INSTANCE', {
    about: 'The name of this process in logs, in metrics and at Kafka and MongoDB; each process needs its own.',
    pattern: INSTANCE_NAME,
    takes: '1 to 100 letters, digits and . _ -',
    default: instanceName(own.app),
    defaultText: `the name of the host, behind \`${own.app}-\` where it has no \`${own.app}\` in it`,
  }),
  logLevel: choice('LOG_LEVEL', {
    about: 'The lowest level that is logged: debug logs each request, info only failed and slow ones.',
    choices: LOG_LEVELS,
    default: 'info',
  }),
  ...httpSettings(own.drainMs ?? 0),
  ...KAFKA_SETTINGS,
  ...KAFKA_SECURITY_SETTINGS,
  ...STORE_SETTINGS,
  ...STORE_SECURITY_SETTINGS,
  ...CLOCK_SETTINGS,
});

export type HostSettings = SettingsOf<ReturnType<typeof hostSettings>>;
