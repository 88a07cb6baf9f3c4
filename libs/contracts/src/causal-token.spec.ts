import fc from 'fast-check';
import {
  SEEN_TOKEN_PATTERN,
  causalTokenOf,
  isCausalToken,
  readSeenToken,
  seenTokenOf,
  timeOfCausalToken,
} from './causal-token.ts';
import { LAMPORT_MAX, isLamportTime } from './lamport.ts';

const time = fc.record({ seconds: fc.integer({ min: 1, max: 2 ** 32 - 1 }), ordinal: fc.nat(2 ** 32 - 1) });

test('a time survives the way to a token and back', () => {
  fc.assert(
    fc.property(time, (one) => {
      const token = causalTokenOf(one);
      expect([isCausalToken(token), timeOfCausalToken(token)]).toEqual([true, one]);
    }),
  );
});

test.each([
  '',
  '0',
  '0000000000000001',
  '68f0a1b20000000',
  '68f0a1b2000000010',
  '68F0A1B200000001',
  '68f0a1b2 0000001',
  '68f0a1b200000001\n',
  '68f0a1b200000001, 68f0a1b200000001',
  '6.8f0a1b20000001',
])('%j is not a token', (text) => {
  expect(isCausalToken(text)).toBe(false);
});

test('what an answer shows survives the way to a token and back', () => {
  fc.assert(
    fc.property(time, fc.nat(2 ** 52), (one, lamport) => {
      const seen = { time: causalTokenOf(one), lamport };
      expect(readSeenToken(seenTokenOf(seen))).toEqual(seen);
    }),
  );
});

test('a gateway whose clock is behind the last time of all gives tokens that every gateway reads', () => {
  const time = '68f0a1b200000001';
  expect(readSeenToken(seenTokenOf({ time, lamport: LAMPORT_MAX + 1 }))).toEqual({ time, lamport: LAMPORT_MAX });
});

test('every Lamport time of the pattern that the document has is one that a clock goes on from', () => {
  const [, digits] = /\(-\((.*)\)\)\?\$$/.exec(SEEN_TOKEN_PATTERN) ?? [];
  fc.assert(
    fc.property(fc.stringMatching(new RegExp(`^(?:${digits})$`)), (text) => {
      expect(isLamportTime(readSeenToken(`68f0a1b200000001-${text}`)?.lamport)).toBe(true);
    }),
  );
});

test('a token of an earlier version is read: it tells no Lamport time', () => {
  expect(readSeenToken('68f0a1b200000001')).toEqual({ time: '68f0a1b200000001', lamport: 0 });
});

test.each([
  '',
  '68f0a1b200000001-',
  '68f0a1b200000001-02',
  '68f0a1b200000001-2A',
  '68f0a1b200000001-2a-1',
  '68f0a1b200000001-10000000000001',
  '68f0a1b200000001-100000000000000',
  '0000000000000001-2a',
  '68f0a1b200000001-2a\n',
])('%j tells nothing that a client has seen', (text) => {
  expect(readSeenToken(text)).toBeUndefined();
});
