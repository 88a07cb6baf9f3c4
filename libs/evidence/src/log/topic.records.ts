import type { LogPosition } from '@wiber/contracts';
import { LogReader } from './log.reader.ts';
import type { LogRecord } from './log.record.ts';

export interface TopicRecord extends LogRecord, LogPosition {
  headers: Readonly<Record<string, unknown>>;
}

/** Opens a reader for one call and closes it. */
export const withLogReader = async <T>(brokers: string[], work: (log: LogReader) => Promise<T>): Promise<T> => {
  const log = await LogReader.open(brokers);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
};

/** All records that a topic holds now, by partition and offset, in memory; none when there is no such topic. */
export const readTopic = (brokers: string[], topic: string): Promise<TopicRecord[]> =>
  withLogReader(brokers, async (log) => {
    const bounds = (await log.bounds(topic)) ?? [];
    const ranges = bounds.map(({ low, high }, partition) => ({ partition, from: low, to: high }));
    const all: TopicRecord[] = [];
    await log.read(topic, ranges, async ({ partition, records }) => {
      for (const { headers = {}, ...record } of records) all.push({ ...record, partition, headers });
    });
    return all.toSorted(byPlace);
  });

export const byPlace = (a: LogPosition, b: LogPosition): number => a.partition - b.partition || a.offset - b.offset;
