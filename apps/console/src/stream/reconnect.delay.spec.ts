import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reconnectDelay } from './reconnect.delay.ts';

describe('the wait before the next connection', () => {
  it('doubles with each failure up to a bound', () => {
    const waits = [1, 2, 3, 20].map((failures) => reconnectDelay({ failures, random: 1 }));
    expect(waits).toEqual([500, 1000, 2000, 15_000]);
  });

  it('is never zero, never over a quarter of a minute, and never sooner than the server asked for', () => {
    const failure = fc.record({
      failures: fc.integer({ min: 1, max: 1e9 }),
      askedMs: fc.nat(1e9),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(failure, (given) => {
        const asked = Math.min(given.askedMs, 60_000);
        const wait = reconnectDelay(given);
        expect(wait).toBeGreaterThanOrEqual(asked + 250);
        expect(wait).toBeLessThanOrEqual(asked + 15_000);
      }),
    );
  });
});
