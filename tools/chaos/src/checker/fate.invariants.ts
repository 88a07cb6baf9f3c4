import { placeOf } from './log.position.ts';
import type { LogicalMessage } from './logical.message.ts';
import type { Observation, StoredRow } from './observation.ts';
import type { Violation } from './violation.ts';

/** What became of each message against what its sender was told. */
export const checkFates = (observation: Observation, messages: LogicalMessage[]): Violation[] => {
  const byContent = Map.groupBy(observation.stored, ({ content }) => content);
  const rows = ({ content, fromUser }: LogicalMessage): StoredRow[] =>
    (byContent.get(content) ?? []).filter((row) => row.fromUser === fromUser);
  return messages.flatMap((message) => fateOf(message, rows(message), observation));
};

const fateOf = (message: LogicalMessage, rows: StoredRow[], observation: Observation): Violation[] => {
  const witness = { sends: message.sends, rows };
  const violation = (invariant: Violation['invariant'], says: string): Violation[] => [{ invariant, says, witness }];
  if (message.fate === 'refused' && rows.length > 0)
    return violation('refused-never-stored', 'a message that was refused is stored');
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

/** A conflict that only ingest can see: the key's first body is stored, this one is a dead letter that says so. */
const isConflict = (id: string | undefined, { stored, deadLetters, log }: Observation): boolean => {
  if (!stored.some(({ messageId }) => messageId === id)) return false;
  const places = new Set(log.filter(({ messageId }) => messageId === id).map(placeOf));
  return deadLetters.some((letter) => letter.reason === 'idempotency_conflict' && places.has(placeOf(letter)));
};

export const checkDuplicates = ({ stored, sends }: Observation): Violation[] => {
  const keys = new Map(
    sends.flatMap(({ fromUser, content, idempotencyKey: key }) =>
      key === undefined ? [] : [[JSON.stringify([fromUser, content]), JSON.stringify([fromUser, key])] as const],
    ),
  );
  const keyOf = ({ fromUser, content }: StoredRow) => keys.get(JSON.stringify([fromUser, content]));
  const twice = (key: (row: StoredRow) => string | undefined, says: string): Violation[] =>
    [...Map.groupBy(stored, key)]
      .filter(([same, rows]) => same !== undefined && rows.length > 1)
      .map(([, rows]) => ({ invariant: 'no-duplicate', says, witness: { rows } }));
  return [
    ...twice(({ messageId }) => messageId, 'one id is stored more than once'),
    ...twice(placeOf, 'one record is stored more than once'),
    ...twice(keyOf, 'one sender has more than one message stored under one key'),
  ];
};

export const checkReadsAfterWrite = ({ readsAfterWrite }: Observation): Violation[] =>
  readsAfterWrite
    .filter(({ found }) => !found)
    .map((read) => ({
      invariant: 'read-your-writes',
      says: 'a message that was said to be readable was not found',
      witness: { read },
    }));
