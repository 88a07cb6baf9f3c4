import { DEAD_LETTER_HEADER, ERROR_MAX, readDeadLetter, type TopicPosition } from '@wiber/contracts';
import type { ConsumedRecord } from '@wiber/kafka';
import type { FailedRecord } from '@wiber/mongo';

const LETTER_HEADERS = new Set<string>(Object.values(DEAD_LETTER_HEADER));
const UNNAMED = 'the record has no headers of a dead letter; another program than ingest wrote it to this topic';

export interface Listing {
  /** The message topic. Its dead letters are in the dead-letter topic. */
  messageTopic: string;
  /** The ingest process that lists the record. */
  instance: string;
  /** Integer milliseconds since the epoch. */
  listedAt: number;
}

/**
 * Makes the list entry of a record of the dead-letter topic, from its headers. A record without such headers, or with those
 * of another topic, is listed as unknown under its place in the dead-letter topic: operators see it, and nothing waits for it.
 */
export const failedRecordOf = (record: ConsumedRecord, dlq: TopicPosition, listing: Listing): FailedRecord => {
  const { key, value, headers } = record;
  const letter = readDeadLetter(headers);
  if (letter?.topic === listing.messageTopic) {
    const { error, instance } = letter;
    const own = Object.entries(headers).filter(([name]) => !LETTER_HEADERS.has(name));
    const texts = { error: truncate(error), instance: truncate(instance) };
    return { ...letter, ...texts, dlq, key, value, headers: own.flatMap(valuesOf) };
  }
  const { listedAt: time, instance } = listing;
  const error = letter ? `it came from the topic ${letter.topic}: ${letter.error}` : UNNAMED;
  const all = Object.entries(headers).flatMap(valuesOf);
  const unknown = { reason: 'unknown', error: truncate(error), attempts: 0, time, instance } as const;
  return { ...dlq, ...unknown, dlq, key, value, headers: all };
};

const truncate = (text: string): string => text.slice(0, ERROR_MAX).toWellFormed();

/** kafkajs gives a list of values for a repeated header, and undefined for a header without a value. */
const valuesOf = ([name, given]: [string, unknown]): FailedRecord['headers'] =>
  [given].flat().map((value) => ({
    name,
    value: Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : ''),
  }));
