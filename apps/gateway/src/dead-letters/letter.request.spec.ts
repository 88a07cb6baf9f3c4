import { DEAD_LETTER_STATES, type ProblemError } from '@wiber/contracts';
import fc from 'fast-check';
import { readLetterId, readLetterQuery, readOperator, writeCursor } from './letter.request.ts';

const fieldsOf = (read: () => unknown): string[] | undefined => {
  try {
    read();
    return [];
  } catch (error) {
    return (error as ProblemError).errors?.map(({ field }) => field);
  }
};

test('without parameters the list has the letters that need a person, 50 of them', () => {
  expect(readLetterQuery({})).toEqual({
    states: ['waiting', 'replaying'],
    reason: undefined,
    limit: 50,
    after: undefined,
  });
});

test.each<[string, readonly string[]]>([
  ['all', DEAD_LETTER_STATES],
  ['open', ['waiting', 'replaying']],
  ['discarded', ['discarded']],
])('state=%s is %j', (state, states) => {
  expect(readLetterQuery({ state }).states).toEqual(states);
});

test('every cursor is read as it was written', () => {
  fc.assert(
    fc.property(fc.tuple(fc.maxSafeNat(), fc.nat(), fc.maxSafeNat()), (cursor) => {
      expect(readLetterQuery({ after: writeCursor(cursor) }).after).toEqual(cursor);
    }),
  );
});

test('every text is read as a cursor or is refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (after) => {
      expect(['', 'after']).toContain(fieldsOf(() => readLetterQuery({ after }))?.join());
    }),
  );
});

test('all bad parameters are refused in one answer', () => {
  const raw = { reason: 'mood', state: 'shut', limit: '0', after: '1_2', colour: 'red' };
  expect(fieldsOf(() => readLetterQuery(raw))?.toSorted()).toEqual(['after', 'colour', 'limit', 'reason', 'state']);
});

test('an id names a record of the topic, or a stray record of the dead-letter topic', () => {
  expect(readLetterId('3-1042', 'chat')).toEqual({ topic: 'chat', partition: 3, offset: 1042 });
  expect(readLetterId('dlq-0-7', 'chat')).toEqual({ topic: 'chat.dlq', partition: 0, offset: 7 });
  for (const id of ['', 'x', '01-2', '1-2-3', 'dlq-', '-1-2', `0-${'9'.repeat(17)}`])
    expect(fieldsOf(() => readLetterId(id, 'chat'))).toEqual(['id']);
});

test('an operator without a name is called operator; a name of another form is refused', () => {
  expect(readOperator(undefined)).toBe('operator');
  expect(readOperator('dora@x.org')).toBe('dora@x.org');
  for (const name of ['', 'do ra', 'x'.repeat(101), ['a', 'b']]) {
    expect(fieldsOf(() => readOperator(name))).toEqual(['X-Operator']);
  }
});
