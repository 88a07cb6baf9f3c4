import { mongo } from 'mongoose';
import {
  DEAD_LETTER_STATES,
  LISTED_REASONS,
  isTime,
  type Message,
  type TopicPosition,
  type TrailEntry,
} from '@wiber/contracts';
import type { LetterSummary, ListedLetter, ReplayIntent } from './listed.letter.ts';

/** A document of the collection as it may be: another program may have changed each field but those that were searched for. */
type Stored<T> = { readonly [K in keyof T]?: unknown };

const textOr = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);
/** A time may be a decimal. */
const wholeOr = (value: unknown, otherwise = 0): number => {
  const number = value instanceof mongo.Decimal128 ? Number(value.toString()) : value;
  const whole = typeof number === 'number' ? Math.floor(number) : NaN;
  return isTime(whole) ? whole : otherwise;
};
const objectOr = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const bytesOr = (value: unknown): Buffer | null => (Buffer.isBuffer(value) ? value : null);

/**
 * A letter whose every field has the type that callers expect. A field of another type gets a plain value: an empty text, 0,
 * or the reason `unknown`. Without a place of its own it has its place in the dead-letter topic, as a stray letter has.
 */
export const readableSummary = <T extends LetterSummary>(stored: Stored<T>): T => {
  const { topic, partition, offset } = stored as Stored<LetterSummary>;
  const dlq = placeOr(objectOr(stored.dlq));
  const isPlace = typeof topic === 'string' && isTime(partition) && isTime(offset);
  const place: TopicPosition = isPlace ? { topic, partition, offset } : dlq;
  return {
    ...(stored as T),
    ...place,
    dlq,
    reason: LISTED_REASONS.find((known) => known === stored.reason) ?? 'unknown',
    state: DEAD_LETTER_STATES.find((known) => known === stored.state) ?? 'waiting',
    error: textOr(stored.error),
    instance: textOr(stored.instance),
    attempts: wholeOr(stored.attempts),
    time: wholeOr(stored.time),
    valueBytes: wholeOr(stored.valueBytes),
  };
};

export const readableLetter = (stored: Stored<ListedLetter>): ListedLetter => {
  const { replay, ...letter } = {
    ...readableSummary<ListedLetter>(stored),
    key: bytesOr(stored.key),
    value: bytesOr(stored.value),
    headers: listOr(stored.headers).map(({ name, value }) => {
      return { name: textOr(name), value: bytesOr(value) ?? Buffer.alloc(0) };
    }),
    trail: listOr(stored.trail) as unknown as TrailEntry[],
  };
  return isReplay(replay) ? { ...letter, replay } : letter;
};

const placeOr = ({ topic, partition, offset }: Readonly<Record<string, unknown>>): TopicPosition => {
  return { topic: textOr(topic), partition: wholeOr(partition), offset: wholeOr(offset) };
};

const listOr = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(objectOr) : [];

const isReplay = (replay: unknown): replay is ReplayIntent => {
  const { messageId, fromUser, toUser, content, timestamp, lamport } = objectOr(objectOr(replay)['message']) as Partial<
    Record<keyof Message, unknown>
  >;
  const texts = [messageId, fromUser, toUser, content];
  return texts.every((text) => typeof text === 'string') && isTime(timestamp) && isTime(lamport);
};
