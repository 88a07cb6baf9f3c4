import { placeOf } from './log.position.ts';
import type { LogRow, Observation } from './observation.ts';
import type { Violation } from './violation.ts';

/** Each offset from 0 to the end of its partition is accounted for once. A repetition counts when the first one is stored. */
export const checkCoverage = ({ stored, deadLetters, log, logEnds }: Observation): Violation[] => {
  const storedAt = new Map(stored.map((row) => [placeOf(row), row]));
  const byId = new Map(stored.map((row) => [row.messageId, row]));
  const dead = new Map(deadLetters.map((row) => [placeOf(row), row]));
  const records = new Map(log.map((row) => [placeOf(row), row]));
  const violations: Violation[] = [];
  const violation = (says: string, witness: Record<string, unknown>): void =>
    void violations.push({ invariant: 'offsets-covered', says, witness });
  for (const [partition, end] of logEnds) {
    for (let offset = 0; offset < end; offset += 1) {
      const place = placeOf({ partition, offset });
      const record: LogRow | undefined = records.get(place);
      // Nothing here writes control records or compacts: an offset without a record was lost.
      if (!record) {
        violation('the log has no record at an offset before its end', { partition, offset });
        continue;
      }
      const isStored = storedAt.has(place);
      const isDead = dead.has(place);
      if (isStored && isDead) violation('a record is stored and a dead letter', { record, dead: dead.get(place) });
      if (isStored || isDead) continue;
      const first = byId.get(record.messageId ?? '');
      if (!first || first.content !== record.content || first.fromUser !== record.fromUser)
        violation('a record is neither stored nor a dead letter', { record, ...(first && { ofItsId: first }) });
      else if (first.partition !== partition || first.offset > offset)
        violation('a repetition is stored and the record before it is not', { record, stored: first });
    }
  }
  for (const row of stored) {
    const record = records.get(placeOf(row));
    if (record?.messageId !== row.messageId)
      violation('a stored message is not the record of its place', { row, record });
  }
  for (const row of deadLetters)
    if (!records.has(placeOf(row))) violation('a dead letter names a place where the log has no record', { row });
  return violations;
};

/** Every member against the first: ids that only one of the two has, and ids whose digests differ. */
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
      inAll: differing.length,
    };
    return [{ invariant: 'members-equal' as const, says: 'two members hold different data', witness }];
  });
};
