import type { LogicalMessage } from './logical.message.ts';
import type { LogRow, Observation } from './observation.ts';
import type { Violation } from './violation.ts';

type Author = Pick<LogRow, 'fromUser' | 'content'>;

const authorKey = ({ fromUser, content }: Author): string => JSON.stringify([fromUser, content]);

/**
 * Each readable record has a try that can have written it. A record does not name its try, so the time tells: it was
 * appended after that try was sent. A refused try can have written nothing. Records that the run itself appended without
 * the gateway are left out, and so is an unreadable record: as a dead letter it must be poison.
 */
export const checkRefused = (observation: Observation, messages: LogicalMessage[]): Violation[] => {
  const { log, earlierLogs, poison, foreign, clockToleranceMs } = observation;
  const appendedByRun = new Set([...poison, ...foreign].map(({ digest }) => digest));
  // A key is no part of a record, so messages with one sender and content share their records.
  const byAuthor = Map.groupBy(messages, authorKey);
  return [...earlierLogs.flat(), ...log].flatMap((record): Violation[] => {
    if (record.messageId === undefined || appendedByRun.has(record.digest)) return [];
    const sends = (byAuthor.get(authorKey(record)) ?? []).flatMap((message) => message.sends);
    const writers = sends.filter(({ outcome }) => outcome.type !== 'refused');
    if (writers.some(({ sentAt }) => sentAt <= record.appendedAt + clockToleranceMs)) return [];
    return [
      {
        invariant: 'refused-never-logged',
        description: describe(sends.length, writers.length),
        witness: { record, sends },
      },
    ];
  });
};

const describe = (sends: number, writers: number): string => {
  if (sends === 0) return 'nobody sent the message of a record';
  if (writers === 0) return 'a refused send has written a record';
  return 'a record was appended before any send that is not refused: a refused send has written it';
};
