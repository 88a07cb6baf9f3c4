import type { Finding } from '../merge/findings.ts';
import type { StoredDocument } from '../merge/stored.document.ts';
import type { DeadLetterIndex } from '../spill/dead-letter.index.ts';
import type { Bounds, LogReader } from './log.reader.ts';
import { FIRST_PLACE, LAST_PLACE, type Place, type StoreReader } from './store.reader.ts';

/** At most so many of one stretch are named and counted. */
const LIMIT = 1000;

interface SearchPorts {
  topic: string;
  log: LogReader;
  store: StoreReader;
  letters: DeadLetterIndex;
  found: (finding: Finding) => void;
}

/** Documents and dead letters whose place no log has: before it, beyond its end, in no partition, or no place at all. */
export const findStrangers = async (bounds: readonly Bounds[], ports: SearchPorts): Promise<void> => {
  const { topic, store, letters, found } = ports;
  const origin: Place = { partition: 0, offset: 0 };
  for (const document of await store.between(FIRST_PLACE, origin, LIMIT)) found(stranger(topic, document));
  for (const [partition, { high }] of bounds.entries()) {
    const isLast = partition === bounds.length - 1;
    const until: Place = isLast ? LAST_PLACE : { partition: partition + 1, offset: 0 };
    await searchBeyond({ partition, high, until }, ports);
  }
  for (const place of letters.beyond(bounds.length, LIMIT))
    found({ kind: 'foreign', topic, ...place, detail: 'a dead letter names a partition that the log has not' });
};

/** The log grows meanwhile. What is stored was in the log before, so an end that is asked for after the documents decides. */
const searchBeyond = async (
  { partition, high, until }: { partition: number; high: number; until: Place },
  { topic, log, store, letters, found }: SearchPorts,
): Promise<void> => {
  for (let start = high; ;) {
    const documents = await store.between({ partition, offset: start }, until, LIMIT);
    const dead = letters.from(partition, start, LIMIT);
    if (documents.length === 0 && dead.length === 0) return;
    const end = (await log.bounds(topic))?.[partition]?.high ?? start;
    if (documents.length === LIMIT && end > start) {
      start = end;
      continue;
    }
    const isInLog = ({ fields }: StoredDocument) => {
      const offset = fields['offset'];
      return fields['partition'] === partition && Number.isSafeInteger(offset) && (offset as number) < end;
    };
    for (const document of documents.filter((each) => !isInLog(each))) found(stranger(topic, document));
    for (const offset of dead.filter((each) => each >= end))
      found({
        kind: 'foreign',
        topic,
        partition,
        offset,
        detail: 'a dead letter names a place beyond the end of the log',
      });
    return;
  }
};

const stranger = (topic: string, { fields }: StoredDocument): Finding => {
  const { partition, offset } = fields;
  const whole = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : -1);
  return {
    kind: 'foreign',
    topic,
    partition: whole(partition),
    offset: whole(offset),
    messageId: String(fields['messageId']),
    detail: `is stored with partition ${JSON.stringify(partition)} and offset ${JSON.stringify(offset)}, a place the log has not`,
  };
};
