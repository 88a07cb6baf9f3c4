import { describe, expect, it } from '@jest/globals';
import { freshnessOf } from './freshness.ts';

describe('what is shown is', () => {
  it.each([
    [{ failures: 0 }, 'connecting'],
    [{ failures: 1 }, 'lost'],
    [{ ageMs: 0, failures: 0 }, 'live'],
    [{ ageMs: 2999, failures: 1 }, 'live'],
    [{ ageMs: 3000, failures: 0 }, 'stale'],
    [{ ageMs: 14_999, failures: 3 }, 'stale'],
    [{ ageMs: 15_000, failures: 3 }, 'lost'],
  ] as const)('with %o %s', (signs, freshness) => {
    expect(freshnessOf(signs)).toBe(freshness);
  });
});
