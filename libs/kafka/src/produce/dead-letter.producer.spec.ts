import { DEAD_LETTER_HEADER, readDeadLetter, type DeadLetter } from '@wiber/contracts';
import { deadLetterRecord } from './dead-letter.producer.ts';

const letter: Omit<DeadLetter, 'time' | 'instance'> = {
  topic: 'chat',
  partition: 4,
  offset: 1000,
  reason: 'schema',
  error: 'toUser must be a string',
  attempts: 2,
};
const origin = { time: 50, instance: 'ingest-1' };

test("a dead letter has the key, the value and the headers of its record, and says the record's position and the reason", () => {
  const headers = { trace: Buffer.from('t'), twice: [Buffer.from('1'), Buffer.from('2')] };
  const record = { offset: 1000, key: Buffer.from([0xff]), value: Buffer.from([0, 1]), headers };
  const written = deadLetterRecord({ letter, record }, origin);
  expect(written).toMatchObject({ key: record.key, value: record.value, headers });
  expect(readDeadLetter(written.headers ?? {})).toEqual({ ...letter, ...origin });
});

test('headers of an earlier dead letter that a record still has are replaced', () => {
  const headers = {
    [DEAD_LETTER_HEADER.offset]: Buffer.from('3'),
    [DEAD_LETTER_HEADER.reason]: Buffer.from('unreadable'),
  };
  const record = { offset: 1000, key: null, value: null, headers };
  const written = deadLetterRecord({ letter, record }, origin);
  expect(readDeadLetter(written.headers ?? {})).toMatchObject({ offset: 1000, reason: 'schema' });
});
