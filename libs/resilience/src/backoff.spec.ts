import fc from 'fast-check';
import { backoffMs } from './backoff.ts';

const POLICY = { type: 'exponential-full-jitter', baseMs: 10, capMs: 5000 } as const;

test('a wait is never negative, never longer than the cap, and never longer than base * 2^attempt', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 0.999999, noNaN: true }), (attempt, random) => {
      const wait = backoffMs(POLICY, attempt, () => random);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(5000, 10 * 2 ** attempt));
    }),
  );
});

test('the longest possible wait doubles with each attempt until it reaches the cap', () => {
  const longest = [0, 1, 2, 3, 8, 9, 1000].map((attempt) => backoffMs(POLICY, attempt, () => 1));
  expect(longest).toEqual([10, 20, 40, 80, 2560, 5000, 5000]);
});
