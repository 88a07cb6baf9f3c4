import { positionKey } from './log.position.ts';
import type { LogicalMessage } from './logical.message.ts';
import type { Observation, StoredRow } from './observation.ts';
import type { Violation } from './violation.ts';

/** Compares what is stored of each message with the answer that its sender got. */
export const checkFates = (observation: Observation, messages: LogicalMessage[]): Violation[] => {
  const byContent = Map.groupBy(observation.stored, ({ content }) => content);
  const rowsOf = ({ content, fromUser }: LogicalMessage): StoredRow[] =>
    (byContent.get(content) ?? []).filter((row) => row.fromUser === fromUser);
  return messages.flatMap((message) => checkFate(message, rowsOf(message), observation));
};

const checkFate = (message: LogicalMessage, rows: StoredRow[], observation: Observation): Violation[] => {
  const witness = { sends: message.sends, rows };
  const violation = (invariant: Violation['invariant'], description: string): Violation[] => [
    { invariant, description, witness },
  ];
  if (message.fate === 'refused' && rows.length > 0)
    return violation('refused-never-stored', 'a refused message is stored');
  if (message.fate === 'unknown' && rows.length > 1)
    return violation('unknown-at-most-once', 'a message of unknown outcome is stored more than once');
  if (message.fate !== 'acked') return [];
  if (message.messageIds.size > 1)
    return violation('no-duplicate', 'one message was acknowledged under more than one id');
  if (rows.length > 1) return violation('acked-exactly-once', 'an acknowledged message is stored more than once');
  const [id] = message.messageIds;
  if (rows.length === 1 && rows[0]!.messageId === id) return [];
  if (rows.length === 0 && isConflict(id, observation)) return [];
  return violation('acked-exactly-once', 'an acknowledged message is not stored');
};

/** Whether another body under the same key is stored, and this one is a dead letter with that reason. */
const isConflict = (id: string | undefined, { stored, deadLetters, log }: Observation): boolean => {
  if (!stored.some(({ messageId }) => messageId === id)) return false;
  const positions = new Set(log.filter(({ messageId }) => messageId === id).map(positionKey));
  return deadLetters.some((letter) => letter.reason === 'idempotency_conflict' && positions.has(positionKey(letter)));
};

export const checkDuplicates = ({ stored, sends }: Observation): Violation[] => {
  const keys = new Map(
    sends.flatMap(({ fromUser, content, idempotencyKey: key }) =>
      key === undefined ? [] : [[JSON.stringify([fromUser, content]), JSON.stringify([fromUser, key])] as const],
    ),
  );
  const idempotencyKeyOf = ({ fromUser, content }: StoredRow) => keys.get(JSON.stringify([fromUser, content]));
  const findRepeated = (keyOf: (row: StoredRow) => string | undefined, description: string): Violation[] =>
    [...Map.groupBy(stored, keyOf)]
      .filter(([key, rows]) => key !== undefined && rows.length > 1)
      .map(([, rows]) => ({ invariant: 'no-duplicate', description, witness: { rows } }));
  return [
    ...findRepeated(({ messageId }) => messageId, 'one message id is stored more than once'),
    ...findRepeated(positionKey, 'one log record is stored more than once'),
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
