import { DEAD_LETTER_HEADER, deadLetterHeaders, type DeadLetter } from '@wiber/contracts';
import fc from 'fast-check';
import { failedRecordOf } from './failed.record.ts';

const listing = { messageTopic: 'chat', instance: 'ingest-7', listedAt: 99 };
const dlq = { topic: 'chat.dlq', partition: 2, offset: 30 };
const letter: DeadLetter = {
  topic: 'chat',
  partition: 4,
  offset: 1000,
  reason: 'schema',
  error: 'toUser is missing',
  attempts: 1,
  time: 50,
  instance: 'ingest-1',
};
const bytesOf = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
const record = (headers: Record<string, unknown>) => ({ offset: 30, key: null, value: Buffer.from('x'), headers });
const listed = (headers: Record<string, unknown>) => failedRecordOf(record(headers), dlq, listing);

test("a dead letter is listed under the place of its record, with only the record's own headers", () => {
  const own = { trace: Buffer.from('t'), twice: [Buffer.from('1'), Buffer.from('2')], none: undefined };
  const headers = { ...own, ...bytesOf(deadLetterHeaders(letter)) };
  expect(listed(headers)).toEqual({
    ...letter,
    dlq,
    key: null,
    value: Buffer.from('x'),
    headers: [
      { name: 'trace', value: Buffer.from('t') },
      { name: 'twice', value: Buffer.from('1') },
      { name: 'twice', value: Buffer.from('2') },
      { name: 'none', value: Buffer.alloc(0) },
    ],
  });
});

test('a record that lacks a header of dead letters is listed as unknown under its own place, with all its headers', () => {
  const { [DEAD_LETTER_HEADER.offset]: _, ...headers } = bytesOf(deadLetterHeaders(letter));
  const found = listed(headers);
  expect(found).toMatchObject({ ...dlq, dlq, reason: 'unknown', attempts: 0, time: 99, instance: 'ingest-7' });
  expect(found.headers.map(({ name }) => name)).toEqual(Object.keys(headers));
});

test('a dead letter of another topic does not take the place of one of this topic', () => {
  const found = listed(bytesOf(deadLetterHeaders({ ...letter, topic: 'mail' })));
  expect(found).toMatchObject({ ...dlq, reason: 'unknown' });
  expect(found.error).toContain('mail: toUser is missing');
});

test('an error that is longer than those of ingest is cut, so that no record is too large to list', () => {
  const headers = { ...bytesOf(deadLetterHeaders(letter)), [DEAD_LETTER_HEADER.error]: Buffer.alloc(900_000, 'e') };
  expect(listed(headers).error).toHaveLength(1000);
});

test('a record with any headers is listed', () => {
  const value = fc.oneof(
    fc.string(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.anything(),
  );
  const name = fc.oneof(fc.string(), fc.constantFrom(...Object.values(DEAD_LETTER_HEADER)));
  fc.assert(
    fc.property(fc.dictionary(name, value), (headers) => {
      expect(listed(headers)).toMatchObject({ dlq, value: Buffer.from('x') });
    }),
  );
});
