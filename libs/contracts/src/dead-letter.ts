import type { LogPosition } from './message.ts';
import { DEAD_LETTER_HEADER } from './topics.ts';

/**
 * Why a record is not stored; none of these can change by trying again. `handler_error`: not the record's fault as far as
 * anyone knows; whatever handled it failed each time.
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

/** A record of the dead-letter topic that does not say what it is, or is not of this topic, is listed as `unknown`. */
export const LISTED_REASONS = [...DEAD_LETTER_REASONS, 'unknown'] as const;
export type ListedReason = (typeof LISTED_REASONS)[number];

/** From `waiting` to `replaying` and `replayed`, or to `discarded`; never back. */
export const DEAD_LETTER_STATES = ['waiting', 'replaying', 'replayed', 'discarded'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** What an operator did to a dead letter. */
export interface TrailEntry {
  /** Integer milliseconds since the epoch. */
  at: number;
  who: string;
  /** `replay`: decided, and written before the append. `replayed`: the log has it. */
  what: 'replay' | 'replayed' | 'discard';
  messageId?: string;
  /** With another body than the record's. */
  mended?: boolean;
  /** Although the conversation had moved on, or may have. */
  forced?: boolean;
  partition?: number;
  offset?: number;
  note?: string;
}

/** What the headers of a dead letter say; its key and value are the record's, byte for byte. */
export interface DeadLetter extends LogPosition {
  /** Where the record was. */
  topic: string;
  reason: DeadLetterReason;
  /** What failed, at most ERROR_MAX characters. */
  error: string;
  /** How often the record was handed over before it was given up. */
  attempts: number;
  /** Integer milliseconds since the epoch. */
  time: number;
  /** The ingest process that gave it up. */
  instance: string;
}

export const ERROR_MAX = 1000;

/** What an operator calls it: a topic has one dead-letter topic, so the place of the record is enough. */
export const deadLetterIdOf = ({ partition, offset }: LogPosition): string => `${partition}-${offset}`;

/** The place an id names, or undefined when it is no such id. */
export const deadLetterPlaceOf = (id: string): LogPosition | undefined => {
  const [, partition, offset] = /^(\d{1,6})-(\d{1,16})$/.exec(id) ?? [];
  const place = { partition: Number(partition), offset: Number(offset) };
  return Number.isSafeInteger(place.offset) && deadLetterIdOf(place) === id ? place : undefined;
};

const STRAY = 'dlq-';
/** What an operator calls a record of the dead-letter topic that names no place it came from: its place there. */
export const strayLetterIdOf = (place: LogPosition): string => STRAY + deadLetterIdOf(place);
export const strayLetterPlaceOf = (id: string): LogPosition | undefined =>
  id.startsWith(STRAY) ? deadLetterPlaceOf(id.slice(STRAY.length)) : undefined;

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

/** Reads the headers of a record of a dead-letter topic; undefined when they are not those of a dead letter. */
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
