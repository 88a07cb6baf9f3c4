import { readableLetter, readableSummary } from './readable.letter.ts';
import type { ListedLetter } from './listed.letter.ts';

const message = { messageId: 'm', fromUser: 'a', toUser: 'b', content: 'c', timestamp: 1, lamport: 1 };
const letter: ListedLetter = {
  topic: 'chat',
  partition: 2,
  offset: 9,
  dlq: { topic: 'chat.dlq', partition: 0, offset: 3 },
  reason: 'schema',
  error: 'content is empty',
  attempts: 1,
  time: 1000,
  instance: 'ingest-1',
  state: 'replaying',
  valueBytes: 2,
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: [{ name: 'h', value: Buffer.from('1') }],
  replay: { message, mended: false },
  trail: [{ at: 1, who: 'kim', what: 'replay' }],
};

test('a letter as ingest lists it is returned as it is', () => {
  expect(readableLetter(letter)).toEqual(letter);
});

const OTHER_TYPES: unknown[] = [
  null,
  undefined,
  7.5,
  -1,
  NaN,
  'text',
  true,
  new Date(1),
  [],
  [null],
  {},
  { toString: null },
];

test('whatever another program put into a field, a letter is shown, and its other fields stay', () => {
  for (const field of Object.keys(letter) as (keyof ListedLetter)[]) {
    for (const value of OTHER_TYPES) {
      const shown = readableLetter({ ...letter, [field]: value });
      const others = { ...letter, [field]: shown[field] };
      // Without a place of its own it has that in the dead-letter topic.
      if (['topic', 'partition', 'offset'].includes(field)) expect(shown).toMatchObject({ dlq: letter.dlq });
      else expect(shown).toEqual(others);
      expect([typeof shown.topic, typeof shown.error, typeof shown.dlq.topic]).toEqual(['string', 'string', 'string']);
      for (const number of [shown.time, shown.attempts, shown.valueBytes, shown.dlq.offset, shown.offset])
        expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
      for (const bytes of [shown.key, shown.value]) expect(bytes === null || Buffer.isBuffer(bytes)).toBe(true);
      for (const header of shown.headers)
        expect([typeof header.name, Buffer.isBuffer(header.value)]).toEqual(['string', true]);
      expect(shown.replay === undefined || shown.replay.message === message).toBe(true);
    }
  }
});

test('a summary stays a summary', () => {
  const { key: _, value: __, headers: ___, replay: ____, trail: _____, ...summary } = letter;
  expect(readableSummary(summary)).toEqual(summary);
});
