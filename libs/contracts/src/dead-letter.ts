import type { LogPosition, TopicPosition } from './log.position.ts';
import { DEAD_LETTER_HEADER } from './topics.ts';

/**
 * Why a record is not stored. Another attempt would not change any of these. `handler_error` means that the handler
 * threw at every attempt: a bug, and not necessarily a fault of the record.
 */
export const DEAD_LETTER_REASONS = [
  'unreadable',
  'schema',
  'too_large',
  'idempotency_conflict',
  'refused_by_store',
  'handler_error',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** `unknown`: a record of the dead-letter topic whose headers are missing or name another topic. */
export const LISTED_REASONS = [...DEAD_LETTER_REASONS, 'unknown'] as const;
export type ListedReason = (typeof LISTED_REASONS)[number];

/** A letter goes from `waiting` to `replaying` to `replayed`, or from `waiting` to `discarded`. It never goes back. */
export const DEAD_LETTER_STATES = ['waiting', 'replaying', 'replayed', 'discarded'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** One action of an operator on a dead letter. */
export interface TrailEntry {
  /** Integer milliseconds since the epoch. */
  at: number;
  who: string;
  /** `replay` is written before the message is appended, `replayed` after every in-sync replica has it. */
  what: 'replay' | 'replayed' | 'discard';
  messageId?: string;
  /** True when the operator gave another body than the record's. */
  mended?: boolean;
  /** True when the operator asked to skip the check for newer messages in the conversation. */
  forced?: boolean;
  partition?: number;
  offset?: number;
  note?: string;
}

/**
 * What the headers of a dead letter say. Its position is the rejected record's; key and value are copied byte for byte.
 */
export interface DeadLetter extends TopicPosition {
  reason: DeadLetterReason;
  /** The error, cut to ERROR_MAX characters. */
  error: string;
  /** How often the handler was called with the record. */
  attempts: number;
  /** When it was rejected, in integer milliseconds since the epoch. */
  time: number;
  /** The ingest process that rejected it. */
  instance: string;
}

export const ERROR_MAX = 1000;

/**
 * The id that operators use. A message topic has its own dead-letter topic, so partition and offset are unique there.
 */
export const deadLetterIdOf = ({ partition, offset }: LogPosition): string => `${partition}-${offset}`;

/** The position that an id names; undefined for any other text. */
export const parseDeadLetterId = (id: string): LogPosition | undefined => {
  const [, partition, offset] = /^(\d{1,6})-(\d{1,16})$/.exec(id) ?? [];
  const position = { partition: Number(partition), offset: Number(offset) };
  return Number.isSafeInteger(position.offset) && deadLetterIdOf(position) === id ? position : undefined;
};

const STRAY = 'dlq-';
/** The id of a record in the dead-letter topic whose headers name no position: its own position there. */
export const strayLetterIdOf = (position: LogPosition): string => STRAY + deadLetterIdOf(position);
export const parseStrayLetterId = (id: string): LogPosition | undefined =>
  id.startsWith(STRAY) ? parseDeadLetterId(id.slice(STRAY.length)) : undefined;

export const deadLetterHeaders = (letter: DeadLetter): Record<string, string> => ({
  [DEAD_LETTER_HEADER.reason]: letter.reason,
  [DEAD_LETTER_HEADER.error]: letter.error.slice(0, ERROR_MAX),
  [DEAD_LETTER_HEADER.attempts]: String(letter.attempts),
  [DEAD_LETTER_HEADER.topic]: letter.topic,
  [DEAD_LETTER_HEADER.partition]: String(letter.partition),
  [DEAD_LETTER_HEADER.offset]: String(letter.offset),
  [DEAD_LETTER_HEADER.time]: String(letter.time),
  [DEAD_LETTER_HEADER.instance]: letter.instance,
});

/** Reads the headers of a record in a dead-letter topic; undefined when they are incomplete or invalid. */
export const readDeadLetter = (headers: Readonly<Record<string, unknown>>): DeadLetter | undefined => {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : undefined;
  };
  const whole = (name: string): number => {
    const value = text(name);
    return value !== undefined && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  };
  const reason = DEAD_LETTER_REASONS.find((known) => known === text(DEAD_LETTER_HEADER.reason));
  const topic = text(DEAD_LETTER_HEADER.topic);
  const numbers = {
    partition: whole(DEAD_LETTER_HEADER.partition),
    offset: whole(DEAD_LETTER_HEADER.offset),
    attempts: whole(DEAD_LETTER_HEADER.attempts),
    time: whole(DEAD_LETTER_HEADER.time),
  };
  if (!reason || !topic || !Object.values(numbers).every(Number.isSafeInteger)) return undefined;
  const error = text(DEAD_LETTER_HEADER.error) ?? '';
  return { topic, reason, error, ...numbers, instance: text(DEAD_LETTER_HEADER.instance) ?? '' };
};
