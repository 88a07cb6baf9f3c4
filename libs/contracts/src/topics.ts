/** Names that more than one process uses. No other file contains them as literals. */
export const DEFAULT_TOPIC = 'wiber.messages';
export const DEFAULT_CONSUMER_GROUP = 'wiber-consumers';
/**
 * The most partitions that a gateway sends to. Each takes about 0.8 MB and 1.3 open files of the gateway, so this many take
 * about 3 GB and 5,000 files.
 */
export const PARTITIONS_MAX = 4000;
export const DEFAULT_DATABASE = 'wiber';
export const DEFAULT_COLLECTION = 'messages';
/** What operators see of the dead-letter topic: each dead letter, its state and its trail. */
export const DEAD_LETTERS_COLLECTION = 'dead_letters';
/** By how many partitions the conversations of each topic are spread. */
export const TOPICS_COLLECTION = 'topics';
/** Who leads what: one document for each kind of leader. */
export const LEASES_COLLECTION = 'leases';
/** The terms of all leases that lasted: who led, since when, until when, and how it ended. */
export const LEASE_TERMS_COLLECTION = 'lease_terms';
/** The collections with fixed names: the messages need another one. */
export const FIXED_COLLECTIONS: readonly string[] = [
  DEAD_LETTERS_COLLECTION,
  TOPICS_COLLECTION,
  LEASES_COLLECTION,
  LEASE_TERMS_COLLECTION,
];

/** The ends of the names of the collections that belong to a collection of messages. */
export const COLLECTION_SUFFIX = {
  /** The hours in which users have messages. */
  activity: '.activity',
  /** The figures. */
  stats: '.stats',
  /** How far they are counted. */
  progress: '.progress',
  /** The busiest conversations. */
  busiest: '.busiest',
  /** What the leader saw of the servers. */
  servers: '.servers',
  /** What each process says of its own clock. */
  clocks: '.clocks',
  /** The signs of life of each process, while somebody looks. */
  pulses: '.pulses',
  /** The mark of a rebuild on the collection that it filled. */
  rebuild: '.rebuild',
} as const;
export const COLLECTION_SUFFIXES: readonly string[] = Object.values(COLLECTION_SUFFIX);

/** Whether Wiber has a collection of this name for itself, so that messages need another one. */
export const isOwnCollection = (name: string): boolean =>
  FIXED_COLLECTIONS.includes(name) || COLLECTION_SUFFIXES.some((suffix) => name.endsWith(suffix));

/**
 * The lease of the metrics workers of a message topic and a collection. The figures belong to a collection, so each collection
 * that one topic fills has its own leader.
 */
export const metricsLeaseOf = (topic: string, collection: string): string => `metrics:${topic}:${collection}`;

/** Each message topic has its own dead-letter topic. */
export const deadLetterTopicOf = (topic: string): string => `${topic}.dlq`;

/** Topics of Kafka itself begin so, such as __consumer_offsets. Its own settings must stay, and its records are no messages. */
export const KAFKA_OWN_PREFIX = '__';

/** Whether a topic of this name belongs to Kafka or holds dead letters, so that messages need another one. */
export const isReservedTopic = (name: string): boolean =>
  name.startsWith(KAFKA_OWN_PREFIX) || name.endsWith(deadLetterTopicOf(''));

export const HEADER = {
  messageId: 'wiber-message-id',
  schemaVersion: 'wiber-schema-version',
  /** W3C Trace Context, https://www.w3.org/TR/trace-context/ */
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  correlationId: 'wiber-correlation-id',
  /** The instance of the gateway whose clock gave the message its timestamp. Records of earlier versions have none. */
  instance: 'wiber-instance',
  /** Of a replayed message: the id of its dead letter. */
  replayOf: 'wiber-replay-of',
} as const;

/** Added to the headers that the record already has. */
export const DEAD_LETTER_HEADER = {
  reason: 'wiber-dlq-reason',
  error: 'wiber-dlq-error',
  attempts: 'wiber-dlq-attempts',
  topic: 'wiber-dlq-topic',
  partition: 'wiber-dlq-partition',
  offset: 'wiber-dlq-offset',
  time: 'wiber-dlq-time',
  instance: 'wiber-dlq-instance',
} as const;

export const SCHEMA_VERSION = '1';
