import { placeOf } from './log.position.ts';
import type { DeadLetterRow, LogRow, Observation } from './observation.ts';
import type { Violation } from './violation.ts';

/** Of each dead letter: it is its record, byte for byte, and that record had to be one. */
export const checkDeadLetters = ({ log, deadLetters, poison, stored }: Observation): Violation[] => {
  const records = new Map(log.map((row) => [placeOf(row), row]));
  const poisonous = new Set(poison.map(({ digest }) => digest));
  const storedAt = new Map(stored.map((row) => [row.messageId, placeOf(row)]));
  // Another body under a key that is used: two gateways may each take one, and only ingest sees that they differ.
  const isConflict = ({ reason }: DeadLetterRow, { messageId = '', ...place }: LogRow): boolean => {
    const first = storedAt.get(messageId);
    return reason === 'idempotency_conflict' && first !== undefined && first !== placeOf(place);
  };
  return deadLetters.flatMap((letter): Violation[] => {
    const record = records.get(placeOf(letter));
    if (!record) return [];
    const witness = { letter, record };
    if (record.digest !== letter.digest)
      return [{ invariant: 'dead-letter-intact', says: 'a dead letter has another key or value', witness }];
    if (poisonous.has(record.digest) || isConflict(letter, record)) return [];
    return [{ invariant: 'only-poison-dead-lettered', says: 'a sound record is a dead letter', witness }];
  });
};

/** Of each record that was poison: wherever it lies in the log there is a dead letter for it that names its reason. */
export const checkPoison = ({ log, deadLetters, poison }: Observation): Violation[] => {
  const lying = Map.groupBy(log, ({ digest }) => digest);
  const lettersAt = Map.groupBy(deadLetters, placeOf);
  return poison.flatMap((drop): Violation[] => {
    const records = lying.get(drop.digest) ?? [];
    const violation = (says: string, witness: object): Violation[] => [
      { invariant: 'poison-dead-lettered', says, witness: { poison: drop, ...witness } },
    ];
    if (records.length === 0 && drop.acked) return violation('acknowledged poison is not in the log', {});
    return records.flatMap((record) => {
      const letters = lettersAt.get(placeOf(record)) ?? [];
      if (letters.length === 0) return violation('a poison record is not a dead letter', { record });
      const other = letters.find(({ reason }) => reason !== drop.reason);
      return other ? violation('a dead letter names another reason', { record, letter: other }) : [];
    });
  });
};
