import { BODY_MAX_BYTES, conversationIdOf, contentProblem, usernameProblem } from './conversation.ts';

/** A message as it crosses every border: HTTP, the Kafka value, the stored document. */
export interface Message {
  messageId: string;
  fromUser: string;
  toUser: string;
  content: string;
  /** Integer milliseconds since the epoch, the gateway's clock at acceptance. */
  timestamp: number;
  /** Lamport time of the send. */
  lamport: number;
}

/** A record's place in the log. The offset is a safe integer: 2^53 records of one partition. */
export interface LogPosition {
  partition: number;
  offset: number;
}

/** A message as MongoDB holds it. */
export interface StoredMessage extends Message, LogPosition {
  conversationId: string;
  /** Both names, each once: one multikey index serves "what a user sent or got". */
  participants: string[];
  storedAt: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isMessageId = (value: string): boolean => UUID.test(value);

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export type Decoded =
  { ok: true; message: Message } | { ok: false; reason: 'unreadable' | 'schema' | 'too_large'; detail: string };

const refuse = (reason: (Decoded & { ok: false })['reason'], detail: string): Decoded => ({
  ok: false,
  reason,
  detail,
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a record's value. Never throws: what can't be read comes back with the reason it is a dead letter for. */
export const decodeMessage = (value: Uint8Array | null): Decoded => {
  if (value === null) return refuse('unreadable', 'the record has no value');
  if (value.length > BODY_MAX_BYTES)
    return refuse('too_large', `${value.length} bytes, and a message has at most ${BODY_MAX_BYTES}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(value));
  } catch (error) {
    return refuse('unreadable', (error as Error).message);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse('schema', 'not an object');
  const { messageId, fromUser, toUser, content, timestamp, lamport } = parsed as Record<string, unknown>;
  if (typeof messageId !== 'string' || !isMessageId(messageId)) return refuse('schema', 'messageId is not a UUID');
  for (const [field, name] of [
    ['fromUser', fromUser],
    ['toUser', toUser],
  ] as const) {
    const problem = typeof name === 'string' ? usernameProblem(name) : 'must be a string';
    if (problem) return refuse('schema', `${field} ${problem}`);
  }
  const problem = typeof content === 'string' ? contentProblem(content) : 'must be a string';
  if (problem) return refuse('schema', `content ${problem}`);
  if (!isTime(timestamp)) return refuse('schema', 'timestamp is not integer milliseconds');
  if (!isTime(lamport)) return refuse('schema', 'lamport is not a non-negative integer');
  return { ok: true, message: { messageId, fromUser, toUser, content, timestamp, lamport } as Message };
};

export const toStored = (message: Message, position: LogPosition, storedAt: number): StoredMessage => ({
  ...message,
  conversationId: conversationIdOf(message.fromUser, message.toUser),
  participants: message.fromUser === message.toUser ? [message.fromUser] : [message.fromUser, message.toUser],
  partition: position.partition,
  offset: position.offset,
  storedAt,
});

/** Whether two messages under one id say the same. Time and Lamport time differ between a request and its retry. */
export const sameBody = (
  a: Pick<Message, 'fromUser' | 'toUser' | 'content'>,
  b: Pick<Message, 'fromUser' | 'toUser' | 'content'>,
): boolean => a.fromUser === b.fromUser && a.toUser === b.toUser && a.content === b.content;
