import {
  HEADER,
  decodeMessage,
  readInstanceName,
  readTraceparent,
  type LogPosition,
  type Message,
} from '@wiber/contracts';
import type { FoundRecord, ReadRecord } from '@wiber/kafka';
import type { ListedLetter, StoredFacts } from '@wiber/mongo';

/** What a record says of how it was sent. Any program may have written it, so each part may be missing. */
export interface RecordFacts {
  messageId: string | undefined;
  instance: string | undefined;
  correlationId: string | undefined;
  traceId: string | undefined;
  /** The id of the dead letter that it replays. */
  replayOf: string | undefined;
}

/** A record of the log: where it is, and what Kafka says of it. */
export interface LogFacts {
  position: LogPosition;
  record: FoundRecord;
}

/** All that is stored of one message. */
export interface MessageFacts {
  messageId: string;
  stored: StoredFacts | undefined;
  /** The record that was stored, or that waits to be stored. */
  log: LogFacts | undefined;
  /** A dead letter that was this message, or whose replay is this message. */
  letter: { letter: ListedLetter; log: LogFacts } | undefined;
}

/** What a client or another producer may have put into a header: the characters of an id, and not more of them. */
const HEADER_TEXT = /^[\w.:-]{1,128}$/;
const TRACEPARENT_MAX = 512;

/** The last value counts where a header is repeated. */
const lastOf = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);

const textOf = (value: unknown): string | undefined => {
  const last = lastOf(value);
  if (!Buffer.isBuffer(last) || last.length > TRACEPARENT_MAX) return undefined;
  return last.toString('latin1');
};

const idOf = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text !== undefined && HEADER_TEXT.test(text) ? text : undefined;
};

type Headers = Readonly<Record<string, unknown>>;

export const recordFacts = (headers: Headers): RecordFacts => ({
  messageId: idOf(headers[HEADER.messageId])?.toLowerCase(),
  instance: readInstanceName(lastOf(headers[HEADER.instance])),
  correlationId: idOf(headers[HEADER.correlationId]),
  traceId: readTraceparent(textOf(headers[HEADER.traceparent]) ?? '')?.traceId,
  replayOf: idOf(headers[HEADER.replayOf]),
});

/** The record, where the log has said it. */
export const readRecordOf = (log: LogFacts | undefined): ReadRecord | undefined =>
  typeof log?.record === 'object' ? log.record : undefined;

/** The headers of a letter, as those of a record. */
export const letterHeaders = ({ headers }: Pick<ListedLetter, 'headers'>): Headers =>
  Object.fromEntries(headers.map(({ name, value }) => [name, value]));

/** The message of a record or of a letter; undefined where it holds none. */
export const messageIn = (value: Buffer | null): Message | undefined => {
  const decoded = decodeMessage(value);
  return decoded.ok ? decoded.message : undefined;
};
