import { LeaseTimesLog } from './lease.times.log.ts';

test('a leader with another ttl is named once, and again when it has come back', () => {
  const lines: unknown[] = [];
  const log = new LeaseTimesLog({ warn: (fields: unknown) => void lines.push(fields) } as never, 4000);
  const held = (term: number, ttlMs: number | undefined) => ({ term, beat: 0, claim: 'a', expiresAtMs: 1, ttlMs });
  for (const ttlMs of [undefined, 4000, 9000, 9000, 4000, 9000]) log.saw(held(7, ttlMs));
  log.saw(undefined);
  const line = { term: 7, ttlMs: 9000, ownTtlMs: 4000 };
  expect(lines).toEqual([line, line]);
});
