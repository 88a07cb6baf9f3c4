import { deadLetterTopicOf, readDeadLetter, type DeadLetter } from '@wiber/contracts';
import type { LogReader } from '../log/log.reader.ts';
import type { LogRecord } from '../log/log.record.ts';
import { byPlace, withLogReader, type TopicRecord } from '../log/topic.records.ts';

export interface DeadLetterBatch {
  partition: number;
  /** `letter` is undefined when the headers are not those of a dead letter. */
  records: (LogRecord & { letter: DeadLetter | undefined })[];
}

export interface DeadLetterTotals {
  read: number;
  /** Records that retention has deleted from the dead-letter topic. */
  lost: number;
}

/**
 * Passes every record of the dead-letter topic to `take`. Read the committed offsets before this call to get every dead
 * letter below them: ingest commits an offset only after its dead letter is acknowledged.
 * @param topic the topic of the messages
 */
export const streamDeadLetters = async (
  log: LogReader,
  topic: string,
  take: (batch: DeadLetterBatch) => void | Promise<void>,
): Promise<DeadLetterTotals> => {
  const deadLetterTopic = deadLetterTopicOf(topic);
  // Ingest makes the topic at its first start: without the topic there is no dead letter.
  const bounds = (await log.bounds(deadLetterTopic)) ?? [];
  const ranges = bounds.map(({ low, high }, partition) => ({ partition, from: low, to: high }));
  let read = 0;
  await log.read(deadLetterTopic, ranges, async ({ partition, records }) => {
    read += records.length;
    await take({
      partition,
      records: records.map((record) => ({ ...record, letter: readDeadLetter(record.headers ?? {}) })),
    });
  });
  return { read, lost: bounds.reduce((sum, { low }) => sum + low, 0) };
};

export interface DeadLetterRecord extends TopicRecord {
  letter: DeadLetter;
}

/** All dead letters of a system in memory, by the place of the record that each names. Rejects when a record is none. */
export const readDeadLetters = (env: Record<string, string>): Promise<DeadLetterRecord[]> => {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '' } = env;
  return withLogReader(brokers.split(','), async (log) => {
    const all: DeadLetterRecord[] = [];
    await streamDeadLetters(log, topic, ({ partition, records }) => {
      for (const { letter, headers = {}, ...record } of records) {
        if (!letter) throw new Error(`the record at ${partition}/${record.offset} is not a dead letter`);
        all.push({ ...record, partition, headers, letter });
      }
    });
    return all.toSorted((a, b) => byPlace(a.letter, b.letter) || byPlace(a, b));
  });
};
