import type { LogRecord } from '../merge/log.record.ts';
import { ConversationHomes } from './conversation.homes.ts';
import { DeadLetterIndex } from './dead-letter.index.ts';

const recordOf = (offset: number, key: string | null, value: string | null): LogRecord => ({
  offset,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
});

const letterOf = (partition: number, record: LogRecord) => ({ partition, offset: record.offset, record });

let index: DeadLetterIndex;
beforeEach(() => {
  index = new DeadLetterIndex();
});
afterEach(() => index.close());

test('dead letters come in the order of their records, each once, whatever order and however often they were written', () => {
  const records = Array.from({ length: 500 }, (_, offset) => recordOf(offset, 'key', `value ${offset}`));
  index.add(records.toReversed().map((record) => letterOf(1, record)));
  index.add(records.slice(100, 110).map((record) => letterOf(1, record)));
  index.add([letterOf(0, recordOf(7, null, null))]);
  const letters = [...index.lettersOf({ partition: 1, from: 50, to: 450 })];
  expect(letters.map(({ offset }) => offset)).toEqual(records.slice(50, 450).map(({ offset }) => offset));
  expect(letters.every(({ offset, isOf }) => isOf(records[offset]!))).toBe(true);
  expect(index.repeats).toBe(10);
});

test.each([
  ['another value', recordOf(3, 'key', 'other')],
  ['another key', recordOf(3, 'kez', 'value')],
  ['no value', recordOf(3, 'key', null)],
  ['an empty value', recordOf(3, 'key', '')],
  ['no key', recordOf(3, null, 'value')],
  ['a byte that has changed sides', recordOf(3, 'keyv', 'alue')],
])('a dead letter is not of a record with %s, nor is one of two that differ', (_what, other) => {
  const record = recordOf(3, 'key', 'value');
  index.add([letterOf(0, record), letterOf(1, record), letterOf(1, other)]);
  const [alone] = index.lettersOf({ partition: 0, from: 0, to: 9 });
  const [torn] = index.lettersOf({ partition: 1, from: 0, to: 9 });
  expect(alone!.isOf(record)).toBe(true);
  expect(alone!.isOf(other)).toBe(false);
  expect(torn!.isOf(record)).toBe(false);
});

test('an empty value is not none', () => {
  index.add([letterOf(0, recordOf(1, null, null))]);
  const [letter] = index.lettersOf({ partition: 0, from: 0, to: 9 });
  expect(letter!.isOf(recordOf(1, null, null))).toBe(true);
  expect(letter!.isOf(recordOf(1, null, ''))).toBe(false);
});

test('letters of places that no log has are found: beyond an end, and of a partition that there is not', () => {
  index.add([0, 5, 9].map((offset) => letterOf(0, recordOf(offset, null, null))));
  index.add([letterOf(6, recordOf(2, null, null))]);
  expect(index.from(0, 5, 10)).toEqual([5, 9]);
  expect(index.from(0, 0, 2)).toEqual([0, 5]);
  expect(index.beyond(6, 10)).toEqual([{ partition: 6, offset: 2 }]);
  expect(index.beyond(7, 10)).toEqual([]);
});

test('the first partition of a conversation is known also after more conversations than are kept at hand', () => {
  const homes = new ConversationHomes();
  try {
    const count = 120_000;
    for (let n = 0; n < count; n += 1) homes.homeOf(`a${n}:b`, n % 6);
    for (const n of [0, 1, 50_000, count - 1]) expect(homes.homeOf(`a${n}:b`, (n + 1) % 6)).toBe(n % 6);
  } finally {
    homes.close();
  }
});
