/** Names that cross a process border. No literal of these stands anywhere else. */
export const DEFAULT_TOPIC = 'wiber.messages';
export const DEFAULT_CONSUMER_GROUP = 'wiber-consumers';
export const DEFAULT_DATABASE = 'wiber';
export const DEFAULT_COLLECTION = 'messages';
/** Records that ingest could not store, kept with their reason until dead letters exist. */
export const REJECTED_COLLECTION = 'rejected';

/** Dead letters of a topic: one topic beside it, so that a renamed topic keeps its own. */
export const deadLetterTopicOf = (topic: string): string => `${topic}.dlq`;

export const HEADER = {
  messageId: 'wiber-message-id',
  schemaVersion: 'wiber-schema-version',
  /** W3C Trace Context, https://www.w3.org/TR/trace-context/ */
  traceparent: 'traceparent',
  correlationId: 'wiber-correlation-id',
} as const;

export const SCHEMA_VERSION = '1';
