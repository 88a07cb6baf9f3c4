import { decodeMessage } from '@wiber/contracts';
import { digestOfRecord, streamDeadLetters, type LogReader, type LogRecord } from '@wiber/evidence';
import type { DeadLetterRow, LogRow } from '../checker/observation.ts';

export interface LogEvidence {
  log: LogRow[];
  logEnds: Map<number, number>;
}

const digestOf = (record: LogRecord): string => digestOfRecord(record).toString('hex');

/**
 * Every record that the log holds now, as the checker compares it.
 * @param fromWall converts the time of a record to the clock of the sends
 */
export const readLogRows = async (
  reader: LogReader,
  topic: string,
  fromWall: (wallMs: number) => number,
): Promise<LogEvidence> => {
  const bounds = (await reader.bounds(topic)) ?? [];
  const ranges = bounds.map(({ low, high }, partition) => ({ partition, from: low, to: high }));
  const log: LogRow[] = [];
  await reader.read(topic, ranges, async ({ partition, records }) => {
    for (const record of records) {
      const appendedAt = fromWall(record.timestamp);
      const place = { partition, offset: record.offset, digest: digestOf(record), appendedAt };
      const decoded = decodeMessage(record.value);
      if (!decoded.ok) log.push({ ...place, messageId: undefined });
      else {
        const { messageId, fromUser, content } = decoded.message;
        log.push({ ...place, messageId, fromUser, content });
      }
    }
  });
  return { log, logEnds: new Map(bounds.map(({ high }, partition) => [partition, high])) };
};

/** Every record of the dead-letter topic. One without the headers of a dead letter keeps its own place, with reason ''. */
export const readDeadLetterRows = async (reader: LogReader, topic: string): Promise<DeadLetterRow[]> => {
  const rows: DeadLetterRow[] = [];
  await streamDeadLetters(reader, topic, ({ partition: ownPartition, records }) => {
    for (const record of records) {
      const own = { partition: ownPartition, offset: record.offset, reason: '' };
      const { partition, offset, reason } = record.letter ?? own;
      rows.push({ partition, offset, reason, digest: digestOf(record) });
    }
  });
  return rows;
};
