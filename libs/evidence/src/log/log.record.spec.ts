import { digestOfRecord } from './log.record.ts';

test.each([
  ['another value', 'key', 'other'],
  ['another key', 'kez', 'value'],
  ['no value', 'key', null],
  ['an empty value', 'key', ''],
  ['no key', null, 'value'],
  ['a byte that moved from the value to the key', 'keyv', 'alue'],
])('a record with %s has another digest', (_what, key, value) => {
  const digest = digestOfRecord({ key: 'key', value: 'value' });
  expect(digestOfRecord({ key, value })).not.toEqual(digest);
});

test('text and its UTF-8 bytes have the same digest', () => {
  const bytes = { key: Buffer.from('é'), value: Buffer.from('🦊') };
  expect(digestOfRecord(bytes)).toEqual(digestOfRecord({ key: 'é', value: '🦊' }));
});
