import { BODY_MAX_BYTES, conversationIdOf, contentProblem } from './conversation.ts';
import type { LogPosition } from './log.position.ts';
import { usernameProblem } from './username.ts';

/** A message as HTTP, the Kafka value and the stored document have it. */
export interface Message {
  messageId: string;
  fromUser: string;
  toUser: string;
  content: string;
  /** Integer milliseconds since the epoch, by the gateway's clock when it accepted the message. */
  timestamp: number;
  /** Lamport time of the send. */
  lamport: number;
}

/** Who stored a message, and when by the clock of that process: integer milliseconds since the epoch. */
export interface Storing {
  /** When the process took the record from the log. It may have tried to store it for long since. Absent in older documents. */
  takenAt?: number;
  /** When it wrote the message. */
  storedAt: number;
  /** The name of the process (`INSTANCE`). Absent in older documents. */
  storedBy?: string;
}

/** A message as MongoDB stores it. */
export interface StoredMessage extends Message, LogPosition, Storing {
  conversationId: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isMessageId = (value: string): boolean => UUID.test(value);

/** A count or a time in milliseconds: a safe integer that is not negative. */
export const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export type Decoded =
  { ok: true; message: Message } | { ok: false; reason: 'unreadable' | 'schema' | 'too_large'; detail: string };

const refuse = (reason: (Decoded & { ok: false })['reason'], detail: string): Decoded => ({
  ok: false,
  reason,
  detail,
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes a record's value. It never throws: an invalid value is returned as the reason of its dead letter. */
export const decodeMessage = (value: Uint8Array | null): Decoded => {
  if (value === null) return refuse('unreadable', 'the record has no value');
  if (value.length > BODY_MAX_BYTES)
    return refuse('too_large', `the value has ${value.length} bytes; a message has at most ${BODY_MAX_BYTES}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(value));
  } catch (error) {
    return refuse('unreadable', (error as Error).message);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return refuse('schema', 'the value is not a JSON object');
  const { messageId, fromUser, toUser, content, timestamp, lamport } = parsed as Record<string, unknown>;
  if (typeof messageId !== 'string' || !isMessageId(messageId)) return refuse('schema', 'messageId is not a UUID');
  for (const [field, name] of [
    ['fromUser', fromUser],
    ['toUser', toUser],
  ] as const) {
    const problem = typeof name === 'string' ? (usernameProblem(name) ?? formProblem(name)) : 'must be a string';
    if (problem) return refuse('schema', `${field} ${problem}`);
  }
  const problem = typeof content === 'string' ? contentProblem(content) : 'must be a string';
  if (problem) return refuse('schema', `content ${problem}`);
  if (!isTime(timestamp)) return refuse('schema', 'timestamp is not integer milliseconds');
  if (!isTime(lamport)) return refuse('schema', 'lamport is not a non-negative integer');
  return { ok: true, message: { messageId, fromUser, toUser, content, timestamp, lamport } as Message };
};

const OTHER_THAN_ASCII = /[^\p{ASCII}]/u;
/** A gateway normalises names. Another producer may not, and no address would reach the conversation of such a name. */
const formProblem = (name: string): string | undefined =>
  OTHER_THAN_ASCII.test(name) && name.normalize('NFC') !== name ? 'must be in Unicode NFC' : undefined;

export const toStored = (message: Message, position: LogPosition, storing: Storing): StoredMessage => ({
  ...message,
  conversationId: conversationIdOf(message.fromUser, message.toUser),
  partition: position.partition,
  offset: position.offset,
  ...storing,
});

/**
 * True when two messages of one id have the same body. A request and its retry differ in timestamp and Lamport time.
 */
export const sameBody = (
  a: Pick<Message, 'fromUser' | 'toUser' | 'content'>,
  b: Pick<Message, 'fromUser' | 'toUser' | 'content'>,
): boolean => a.fromUser === b.fromUser && a.toUser === b.toUser && a.content === b.content;
