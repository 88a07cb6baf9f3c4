import {
  FIRST_PLACE,
  LAST_PLACE,
  type LogReader,
  type PartitionBounds,
  type StoreReader,
  type StoredDocument,
  type UncheckedPlace,
} from '@wiber/evidence';
import type { DeadLetterIndex } from '../disk-index/dead-letter.index.ts';
import type { Finding, ReportFinding } from '../merge/findings.ts';

/** At most so many documents and dead letters are reported for each gap between two partitions. */
const LIMIT = 1000;

interface SearchPorts {
  topic: string;
  log: LogReader;
  store: StoreReader;
  letters: DeadLetterIndex;
  report: ReportFinding;
}

/**
 * Reports the documents and dead letters whose place the log does not have: a negative or missing place, a place beyond
 * the end of a partition, or a partition that does not exist.
 */
export const reportUnmatched = async (bounds: readonly PartitionBounds[], ports: SearchPorts): Promise<void> => {
  const { topic, store, letters, report } = ports;
  const origin: UncheckedPlace = { partition: 0, offset: 0 };
  for (const document of await store.between(FIRST_PLACE, origin, LIMIT)) report(unmatched(topic, document));
  for (const [partition, { high }] of bounds.entries()) {
    const isLast = partition === bounds.length - 1;
    const until: UncheckedPlace = isLast ? LAST_PLACE : { partition: partition + 1, offset: 0 };
    await searchBeyond({ partition, high, until }, ports);
  }
  for (const place of letters.beyondPartitions(bounds.length, LIMIT))
    report({ kind: 'foreign', topic, ...place, detail: 'a dead letter names a partition that the log does not have' });
};

/**
 * The log grows during the search. Every document was in the log before it was stored; so the end of the log is asked for
 * after the documents were read, and only what lies beyond that end is reported.
 */
const searchBeyond = async (
  { partition, high, until }: { partition: number; high: number; until: UncheckedPlace },
  { topic, log, store, letters, report }: SearchPorts,
): Promise<void> => {
  for (let start = high; ;) {
    const documents = await store.between({ partition, offset: start }, until, LIMIT);
    const letterOffsets = letters.offsetsFrom(partition, start, LIMIT);
    if (documents.length === 0 && letterOffsets.length === 0) return;
    const end = (await log.bounds(topic))?.[partition]?.high ?? start;
    if (documents.length === LIMIT && end > start) {
      start = end;
      continue;
    }
    const isInLog = ({ fields }: StoredDocument) =>
      fields.partition === partition && Number.isSafeInteger(fields.offset) && (fields.offset as number) < end;
    for (const document of documents.filter((found) => !isInLog(found))) report(unmatched(topic, document));
    const detail = 'a dead letter names a place beyond the end of the log';
    for (const offset of letterOffsets.filter((found) => found >= end))
      report({ kind: 'foreign', topic, partition, offset, detail });
    return;
  }
};

const unmatched = (topic: string, { fields }: StoredDocument): Finding => {
  const { partition, offset } = fields;
  const wholeOrMinusOne = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : -1);
  const place = `partition ${JSON.stringify(partition)} and offset ${JSON.stringify(offset)}`;
  return {
    kind: 'foreign',
    topic,
    partition: wholeOrMinusOne(partition),
    offset: wholeOrMinusOne(offset),
    messageId: String(fields.messageId),
    detail: `is stored with ${place}, a place that the log does not have`,
  };
};
