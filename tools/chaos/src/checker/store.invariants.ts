import { positionKey, recordIds } from './log.position.ts';
import type { LogRow, Observation } from './observation.ts';
import type { Violation } from './violation.ts';

/**
 * Each offset from 0 to the end of its partition holds a record that is stored, repeats a stored message, or is a dead
 * letter. A repetition is accepted only when the first record of its message is the stored one.
 */
export const checkCoverage = (observation: Observation): Violation[] => {
  const { stored, deadLetters, log, logEnds, earlierLogs } = observation;
  const earlier = earlierLogs.map(recordIds);
  const records = new Map(log.map((row) => [positionKey(row), row]));
  const checkRecord = recordCheck(observation);
  const violations: Violation[] = [];
  for (const [partition, end] of logEnds) {
    for (let offset = 0; offset < end; offset += 1) {
      const record = records.get(positionKey({ partition, offset }));
      if (record) violations.push(...checkRecord(record));
      // The topic is not compacted and nothing writes transactions, so each offset must have a record.
      else violations.push(uncovered('the log has no record at an offset before its end', { partition, offset }));
    }
  }
  for (const row of stored) {
    const record = records.get(positionKey(row));
    const isEarlier = earlier.some((ids) => ids.get(positionKey(row)) === row.messageId);
    if (record?.messageId !== row.messageId && !isEarlier)
      violations.push(uncovered('a stored message is not the record at its position', { row, record }));
  }
  for (const row of deadLetters)
    if (!records.has(positionKey(row)))
      violations.push(uncovered('a dead letter names a position where the log has no record', { row }));
  return violations;
};

const uncovered = (description: string, witness: Record<string, unknown>): Violation => ({
  invariant: 'offsets-covered',
  description,
  witness,
});

const recordCheck = ({ stored, deadLetters }: Observation): ((record: LogRow) => Violation[]) => {
  // With the id: after the log was made anew, a stored message of the earlier log may have the same position.
  const storedPlaces = new Set(stored.map((row) => `${positionKey(row)} ${row.messageId}`));
  const storedById = new Map(stored.map((row) => [row.messageId, row]));
  const letters = new Map(deadLetters.map((row) => [positionKey(row), row]));
  return (record) => {
    const position = positionKey(record);
    const isStored = storedPlaces.has(`${position} ${record.messageId}`);
    const dead = letters.get(position);
    if (isStored && dead) return [uncovered('a record is both stored and a dead letter', { record, dead })];
    if (isStored || dead) return [];
    const first = storedById.get(record.messageId ?? '');
    if (!first || first.content !== record.content || first.fromUser !== record.fromUser) {
      const witness = { record, ...(first && { storedUnderItsId: first }) };
      return [uncovered('a record is neither stored nor a dead letter', witness)];
    }
    if (first.partition !== record.partition || first.offset > record.offset)
      return [uncovered('a repetition is stored instead of the first record', { record, stored: first })];
    return [];
  };
};

/** Compares every member with the first one: ids that only one of the two has, and ids with another digest. */
export const checkMembers = ({ members }: Observation): Violation[] => {
  const [first, ...others] = [...members];
  if (!first) return [];
  const [firstName, expected] = first;
  return others.flatMap(([name, actual]) => {
    const ids = new Set([...expected.keys(), ...actual.keys()]);
    const differing = [...ids].filter((id) => expected.get(id) !== actual.get(id));
    if (differing.length === 0) return [];
    const messageId = differing[0]!;
    const witness = {
      messageId,
      [firstName]: expected.get(messageId) ?? 'absent',
      [name]: actual.get(messageId) ?? 'absent',
      differingIds: differing.length,
    };
    return [{ invariant: 'members-equal' as const, description: 'two members hold different documents', witness }];
  });
};
