import { deadLetterTopicOf, readDeadLetter } from '@wiber/contracts';
import type { Finding } from '../merge/findings.ts';
import { DeadLetterIndex, type LetterEntry } from '../spill/dead-letter.index.ts';
import type { LogReader } from './log.reader.ts';

export interface DeadLetters {
  index: DeadLetterIndex;
  /** Records of the dead-letter topic. */
  read: number;
  /** Records that retention has taken from the dead-letter topic: a gap may be one of these. */
  lost: number;
}

/**
 * All dead letters of a topic, by the place that each names. A dead letter is acknowledged before its record's offset is
 * committed, so what is read after the committed offsets were asked for has those of everything below them.
 */
export const readDeadLetters = async (
  log: LogReader,
  topic: string,
  found: (finding: Finding) => void,
): Promise<DeadLetters> => {
  const index = new DeadLetterIndex();
  const deadLetterTopic = deadLetterTopicOf(topic);
  // No topic: nothing was ever dead-lettered.
  const bounds = (await log.bounds(deadLetterTopic)) ?? [];
  const ranges = bounds.map(({ low, high }, partition) => ({ partition, from: low, to: high }));
  let read = 0;
  await log.read(deadLetterTopic, ranges, async ({ partition, records }) => {
    const entries: LetterEntry[] = [];
    for (const record of records) {
      const letter = readDeadLetter(record.headers ?? {});
      if (letter?.topic === topic) entries.push({ partition: letter.partition, offset: letter.offset, record });
      else {
        const detail = letter ? `is a dead letter of ${letter.topic}` : 'has not the headers of a dead letter';
        found({ kind: 'foreign', topic: deadLetterTopic, partition, offset: record.offset, detail });
      }
    }
    read += records.length;
    index.add(entries);
  });
  return { index, read, lost: bounds.reduce((sum, { low }) => sum + low, 0) };
};
