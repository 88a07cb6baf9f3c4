import fc from 'fast-check';
import { DeadlineError, backoffMs, withDeadline } from './index.ts';

test('a wait is never negative, never past the cap, and never past base * 2^attempt', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 0.999999, noNaN: true }), (attempt, random) => {
      const wait = backoffMs({ type: 'exponential-full-jitter', baseMs: 10, capMs: 5000 }, attempt, () => random);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(5000, 10 * 2 ** attempt));
    }),
  );
});

test('what does not answer in time is rejected by name, what answers passes through', async () => {
  await expect(withDeadline(new Promise(() => {}), 5, 'the store')).rejects.toThrow(DeadlineError);
  await expect(withDeadline(Promise.resolve(7), 1000, 'the store')).resolves.toBe(7);
  await expect(withDeadline(Promise.reject(new Error('no')), 1000, 'the store')).rejects.toThrow('no');
});
