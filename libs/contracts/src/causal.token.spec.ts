import fc from 'fast-check';
import { causalTokenOf, isCausalToken, laterOf, timeOfCausalToken } from './causal.token.ts';

const time = fc.record({ seconds: fc.integer({ min: 1, max: 2 ** 32 - 1 }), ordinal: fc.nat(2 ** 32 - 1) });

test('every time has a token, which gives it back, and the later of two tokens is of the later time', () => {
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [first, second] = [causalTokenOf(a), causalTokenOf(b)];
      expect([first, second].every(isCausalToken)).toBe(true);
      expect(timeOfCausalToken(first)).toEqual(a);
      const aIsLater = a.seconds > b.seconds || (a.seconds === b.seconds && a.ordinal > b.ordinal);
      expect(laterOf(first, second)).toBe(aIsLater ? first : second);
    }),
  );
});

test('of one token and none the later is the one', () => {
  const token = causalTokenOf({ seconds: 7, ordinal: 1 });
  expect([laterOf(token, undefined), laterOf(undefined, token), laterOf(undefined, undefined)]).toEqual([
    token,
    token,
    undefined,
  ]);
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
])('%j is no token', (text) => {
  expect(isCausalToken(text)).toBe(false);
});
