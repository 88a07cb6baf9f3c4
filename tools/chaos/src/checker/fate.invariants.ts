import { positionKey, recordIds } from './log.position.ts';
import { isAcked, type AckedSend, type LogicalMessage } from './logical.message.ts';
import type { Observation, Send, StoredRow } from './observation.ts';
import type { Violation } from './violation.ts';

/** Compares what is stored of each message with the answer that each of its tries got. */
export const checkFates = (observation: Observation, messages: LogicalMessage[]): Violation[] => {
  const byContent = Map.groupBy(observation.stored, ({ content }) => content);
  const rowsOf = ({ content, fromUser }: LogicalMessage): StoredRow[] =>
    (byContent.get(content) ?? []).filter((row) => row.fromUser === fromUser);
  return messages.flatMap((message) => {
    const rows = rowsOf(message);
    return [
      ...checkIds(message, rows),
      ...message.sends.flatMap((judged) => checkTry(judged, { message, rows, observation })),
    ];
  });
};

const checkIds = ({ messageIds, sends }: LogicalMessage, rows: StoredRow[]): Violation[] => {
  if (messageIds.size < 2) return [];
  const description = 'one message was acknowledged under more than one id';
  return [{ invariant: 'no-duplicate', description, witness: { sends, rows } }];
};

interface TryEvidence {
  message: LogicalMessage;
  /** What is stored of the message. */
  rows: StoredRow[];
  observation: Observation;
}

/** Judges one try by its own answer, whatever answers the other tries of the message got. */
const checkTry = (judged: Send, { message, rows, observation }: TryEvidence): Violation[] => {
  const violation = (invariant: Violation['invariant'], description: string): Violation[] => [
    { invariant, description, witness: { judged, sends: message.sends, rows } },
  ];
  if (isAcked(judged)) {
    if (rows.length > 1) return violation('acked-exactly-once', 'an acknowledged message is stored more than once');
    if (rows[0]?.messageId === judged.outcome.messageId) return [];
    if (rows.length === 0 && isConflict(judged, observation)) return [];
    return violation('acked-exactly-once', 'an acknowledged message is not stored under its id');
  }
  if (judged.outcome.type === 'unknown')
    return rows.length > 1
      ? violation('unknown-at-most-once', 'a message of unknown outcome is stored more than once')
      : [];
  // A row may be the work of another try: checkRefused compares times. Without another try it is the work of this one.
  return message.writers.length === 0 && rows.length > 0
    ? violation('refused-never-stored', 'a refused message is stored')
    : [];
};

/** Whether another body under the same key is stored, and the record of this one is a dead letter with that reason. */
const isConflict = ({ outcome, content }: AckedSend, { stored, deadLetters, log }: Observation): boolean => {
  const { messageId: id } = outcome;
  if (!stored.some(({ messageId }) => messageId === id)) return false;
  const records = log.filter((record) => record.messageId === id && record.content === content);
  const positions = new Set(records.map(positionKey));
  return deadLetters.some((letter) => letter.reason === 'idempotency_conflict' && positions.has(positionKey(letter)));
};

export const checkDuplicates = ({ stored, sends, earlierLogs }: Observation): Violation[] => {
  const keys = new Map(
    sends.flatMap(({ fromUser, content, idempotencyKey: key }) =>
      key === undefined ? [] : [[JSON.stringify([fromUser, content]), JSON.stringify([fromUser, key])] as const],
    ),
  );
  const idempotencyKeyOf = ({ fromUser, content }: StoredRow) => keys.get(JSON.stringify([fromUser, content]));
  // A log that was made anew has its positions again.
  const earlier = earlierLogs.map(recordIds);
  const recordKeyOf = (row: StoredRow) =>
    `log ${earlier.findIndex((ids) => ids.get(positionKey(row)) === row.messageId)}, ${positionKey(row)}`;
  const findRepeated = (keyOf: (row: StoredRow) => string | undefined, description: string): Violation[] =>
    [...Map.groupBy(stored, keyOf)]
      .filter(([key, rows]) => key !== undefined && rows.length > 1)
      .map(([, rows]) => ({ invariant: 'no-duplicate', description, witness: { rows } }));
  return [
    ...findRepeated(({ messageId }) => messageId, 'one message id is stored more than once'),
    ...findRepeated(recordKeyOf, 'one log record is stored more than once'),
    ...findRepeated(idempotencyKeyOf, 'two messages of one sender are stored under one Idempotency-Key'),
  ];
};

export const checkReadsAfterWrite = ({ readsAfterWrite }: Observation): Violation[] =>
  readsAfterWrite
    .filter(({ found }) => !found)
    .map((read) => ({
      invariant: 'read-your-writes',
      description: 'a 201 said that a message is readable, and it was not found',
      witness: { read },
    }));
