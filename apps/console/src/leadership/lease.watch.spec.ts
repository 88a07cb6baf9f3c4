import { describe, expect, it } from '@jest/globals';
import { leaseLeft, sightOf } from './lease.watch.ts';

const answer = (renewedAt: number, term = 1) => ({
  term,
  leader: { term, holder: 'metrics-1', since: 0, renewedAt, expiresAt: renewedAt + 10_000 },
  history: [],
});

describe('what is left of the lease', () => {
  it('shrinks from the moment in which the page saw the renewal', () => {
    const first = sightOf(answer(50_000), undefined, 100);
    const second = sightOf(answer(50_000), first, 2100);
    expect(second).toBe(first);
    expect(leaseLeft(answer(50_000), first!, 2100)).toEqual({ ttl: 10_000, left: 8000 });
  });

  it('is whole again after a renewal, and never negative', () => {
    const first = sightOf(answer(50_000), undefined, 100);
    const renewed = sightOf(answer(52_000), first, 2100);
    expect(leaseLeft(answer(52_000), renewed!, 2100)?.left).toBe(10_000);
    expect(leaseLeft(answer(52_000), renewed!, 99_000)?.left).toBe(0);
  });

  it('is not known while nobody leads', () => {
    expect(sightOf({ term: 3, history: [] }, undefined, 1)).toBeUndefined();
  });
});
