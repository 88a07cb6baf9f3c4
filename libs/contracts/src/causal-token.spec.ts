import fc from 'fast-check';
import { causalTokenOf, isCausalToken, timeOfCausalToken } from './causal-token.ts';

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
