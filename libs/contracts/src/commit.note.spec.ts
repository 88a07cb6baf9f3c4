import fc from 'fast-check';
import { causalTokenOf } from './causal-token.ts';
import { commitNoteOf, readCommitNote } from './commit.note.ts';

const time = fc
  .record({ seconds: fc.integer({ min: 1, max: 2 ** 32 - 1 }), ordinal: fc.nat(2 ** 32 - 1) })
  .map(causalTokenOf);
const TOKEN = '68f0a1b200000001';

test('a note is read as it was written', () => {
  const note = fc.record({
    time: fc.option(time, { nil: undefined }),
    lamport: fc.option(fc.nat(2 ** 52), { nil: undefined }),
  });
  fc.assert(
    fc.property(note, (one) => {
      expect(readCommitNote(commitNoteOf(one) ?? null)).toEqual(one);
    }),
  );
});

test('a note without a Lamport time is that of an earlier version, and is read by this one', () => {
  expect(commitNoteOf({ time: TOKEN, lamport: undefined })).toBe(TOKEN);
  expect(readCommitNote(TOKEN)).toEqual({ time: TOKEN, lamport: undefined });
});

test.each([
  null,
  '',
  '-',
  'another tool was here',
  `${TOKEN}-`,
  `${TOKEN}-x`,
  `${TOKEN}-ffffffffffffff`,
  ` ${TOKEN}`,
  '-1\n',
])('nothing is believed of %j but what it tells', (text) => {
  expect(readCommitNote(text).lamport).toBeUndefined();
});

test('a note whose time is of no MongoDB still tells the Lamport time', () => {
  expect(readCommitNote('0000000000000001-2a')).toEqual({ time: undefined, lamport: 42 });
});
