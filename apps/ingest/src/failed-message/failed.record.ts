import { DEAD_LETTER_HEADER, ERROR_MAX, readDeadLetter } from '@wiber/contracts';
import type { ConsumedRecord } from '@wiber/kafka';
import type { FailedRecord, RecordPlace } from '@wiber/mongo';

const OURS = new Set<string>(Object.values(DEAD_LETTER_HEADER));
const UNNAMED = 'the record does not say what it is; whoever wrote it to the dead-letter topic was no ingest';

export interface Listing {
  /** The topic whose dead letters these are. */
  messageTopic: string;
  /** Who lists it. */
  instance: string;
  /** Integer milliseconds since the epoch. */
  listedAt: number;
}

/**
 * What a record of the dead-letter topic says of itself. One that says nothing, or speaks of another topic, is listed all
 * the same, under its place here: seen by operators, and in nobody's way.
 */
export const failedRecordOf = (record: ConsumedRecord, dlq: RecordPlace, listing: Listing): FailedRecord => {
  const { key, value, headers } = record;
  const said = readDeadLetter(headers);
  if (said?.topic === listing.messageTopic) {
    const { error, instance } = said;
    const own = Object.entries(headers).filter(([name]) => !OURS.has(name));
    return { ...said, error: short(error), instance: short(instance), dlq, key, value, headers: own.flatMap(each) };
  }
  const { listedAt: time, instance } = listing;
  const error = said ? `it came from the topic ${said.topic}: ${said.error}` : UNNAMED;
  const all = Object.entries(headers).flatMap(each);
  const unknown = { reason: 'unknown', error: short(error), attempts: 0, time, instance } as const;
  return { ...dlq, ...unknown, dlq, key, value, headers: all };
};

const short = (text: string): string => text.slice(0, ERROR_MAX).toWellFormed();

/** A name given several times has a list of values; a header without a value has none. */
const each = ([name, given]: [string, unknown]): FailedRecord['headers'] =>
  [given].flat().map((value) => ({
    name,
    value: Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : ''),
  }));
