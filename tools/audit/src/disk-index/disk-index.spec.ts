import type { LogRecord } from '@wiber/evidence';
import { ConversationHomes } from './conversation.homes.ts';
import { DeadLetterIndex } from './dead-letter.index.ts';

const recordOf = (offset: number, key: string | null, value: string | null): LogRecord => ({
  offset,
  timestamp: 0,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
});

const letterOf = (partition: number, record: LogRecord) => ({ partition, offset: record.offset, record });

let index: DeadLetterIndex;
beforeEach(() => {
  index = new DeadLetterIndex();
});
afterEach(() => index.close());

test('each dead letter is returned once and in the order of the log, in any order and however often it was written', () => {
  const records = Array.from({ length: 500 }, (_, offset) => recordOf(offset, 'key', `value ${offset}`));
  index.add(records.toReversed().map((record) => letterOf(1, record)));
  index.add(records.slice(100, 110).map((record) => letterOf(1, record)));
  index.add([letterOf(0, recordOf(7, null, null))]);
  const letters = [...index.lettersOf({ partition: 1, from: 50, to: 450 })];
  expect(letters.map(({ offset }) => offset)).toEqual(records.slice(50, 450).map(({ offset }) => offset));
  expect(letters.every(({ offset, matches }) => matches(records[offset]!))).toBe(true);
  expect(index.repeats).toBe(10);
});

test.each([
  ['another value', recordOf(3, 'key', 'other')],
  ['another key', recordOf(3, 'kez', 'value')],
  ['no value', recordOf(3, 'key', null)],
  ['an empty value', recordOf(3, 'key', '')],
  ['no key', recordOf(3, null, 'value')],
  ['a byte that moved from the value to the key', recordOf(3, 'keyv', 'alue')],
])('a dead letter does not match a record with %s, and two that differ match no record', (_what, other) => {
  const record = recordOf(3, 'key', 'value');
  index.add([letterOf(0, record), letterOf(1, record), letterOf(1, other)]);
  const [alone] = index.lettersOf({ partition: 0, from: 0, to: 9 });
  const [differing] = index.lettersOf({ partition: 1, from: 0, to: 9 });
  expect(alone!.matches(record)).toBe(true);
  expect(alone!.matches(other)).toBe(false);
  expect(differing!.matches(record)).toBe(false);
});

test('an empty value differs from no value', () => {
  index.add([letterOf(0, recordOf(1, null, null))]);
  const [letter] = index.lettersOf({ partition: 0, from: 0, to: 9 });
  expect(letter!.matches(recordOf(1, null, null))).toBe(true);
  expect(letter!.matches(recordOf(1, null, ''))).toBe(false);
});

test('dead letters beyond the end of a partition, and of a partition that does not exist, are found', () => {
  index.add([0, 5, 9].map((offset) => letterOf(0, recordOf(offset, null, null))));
  index.add([letterOf(6, recordOf(2, null, null))]);
  expect(index.offsetsFrom(0, 5, 10)).toEqual([5, 9]);
  expect(index.offsetsFrom(0, 0, 2)).toEqual([0, 5]);
  expect(index.beyondPartitions(6, 10)).toEqual([{ partition: 6, offset: 2 }]);
  expect(index.beyondPartitions(7, 10)).toEqual([]);
});

test('the first partition of a conversation is known also after more conversations than memory holds', () => {
  const homes = new ConversationHomes();
  try {
    const count = 120_000;
    for (let n = 0; n < count; n += 1) homes.homeOf(`a${n}:b`, n % 6);
    for (const n of [0, 1, 50_000, count - 1]) expect(homes.homeOf(`a${n}:b`, (n + 1) % 6)).toBe(n % 6);
  } finally {
    homes.close();
  }
});
