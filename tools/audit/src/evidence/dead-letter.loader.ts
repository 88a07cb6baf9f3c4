import { deadLetterTopicOf } from '@wiber/contracts';
import { streamDeadLetters, type DeadLetterTotals, type LogReader } from '@wiber/evidence';
import { DeadLetterIndex, type LetterEntry } from '../disk-index/dead-letter.index.ts';
import type { ReportFinding } from '../merge/findings.ts';

export interface IndexedDeadLetters extends DeadLetterTotals {
  index: DeadLetterIndex;
}

/** All dead letters of a topic, by the place of the record that each names. Reports records that are no dead letter of it. */
export const loadDeadLetters = async (
  log: LogReader,
  topic: string,
  report: ReportFinding,
): Promise<IndexedDeadLetters> => {
  const index = new DeadLetterIndex();
  const totals = await streamDeadLetters(log, topic, ({ partition, records }) => {
    const entries: LetterEntry[] = [];
    for (const { letter, ...record } of records) {
      if (letter?.topic === topic) entries.push({ partition: letter.partition, offset: letter.offset, record });
      else {
        const detail = letter ? `is a dead letter of ${letter.topic}` : 'does not have the headers of a dead letter';
        report({ kind: 'foreign', topic: deadLetterTopicOf(topic), partition, offset: record.offset, detail });
      }
    }
    index.add(entries);
  });
  return { index, ...totals };
};
