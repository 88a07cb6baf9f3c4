import { positionKey } from './log.position.ts';
import type { DeadLetterRow, LogRow, Observation } from './observation.ts';
import type { Violation } from './violation.ts';

/** Each dead letter has the bytes of its record, and its record belonged among the dead letters. */
export const checkDeadLetters = ({ log, deadLetters, poison, stored }: Observation): Violation[] => {
  const records = new Map(log.map((row) => [positionKey(row), row]));
  const poisonDigests = new Set(poison.map(({ digest }) => digest));
  const storedPositions = new Map(stored.map((row) => [row.messageId, positionKey(row)]));
  // Two gateways can each accept another body under one Idempotency-Key. Only ingest sees the conflict.
  const isConflict = ({ reason }: DeadLetterRow, { messageId = '', ...position }: LogRow): boolean => {
    const winner = storedPositions.get(messageId);
    return reason === 'idempotency_conflict' && winner !== undefined && winner !== positionKey(position);
  };
  return deadLetters.flatMap((letter): Violation[] => {
    const record = records.get(positionKey(letter));
    // checkCoverage reports a dead letter whose record is missing.
    if (!record) return [];
    const witness = { letter, record };
    if (record.digest !== letter.digest) {
      const description = 'a dead letter has another key or value than its record';
      return [{ invariant: 'dead-letter-intact', description, witness }];
    }
    if (poisonDigests.has(record.digest) || isConflict(letter, record)) return [];
    return [{ invariant: 'only-poison-dead-lettered', description: 'a valid record is a dead letter', witness }];
  });
};

/** Each copy of a poison record in the log has a dead letter with the expected reason. */
export const checkPoison = ({ log, deadLetters, poison }: Observation): Violation[] => {
  const recordsByDigest = Map.groupBy(log, ({ digest }) => digest);
  const lettersByPosition = Map.groupBy(deadLetters, positionKey);
  return poison.flatMap((expected): Violation[] => {
    const records = recordsByDigest.get(expected.digest) ?? [];
    const violation = (description: string, witness: object): Violation[] => [
      { invariant: 'poison-dead-lettered', description, witness: { poison: expected, ...witness } },
    ];
    if (records.length === 0 && expected.acked) return violation('acknowledged poison is not in the log', {});
    return records.flatMap((record) => {
      const letters = lettersByPosition.get(positionKey(record)) ?? [];
      if (letters.length === 0) return violation('a poison record is not a dead letter', { record });
      const wrong = letters.find(({ reason }) => reason !== expected.reason);
      return wrong ? violation('a dead letter has another reason', { record, letter: wrong }) : [];
    });
  });
};
