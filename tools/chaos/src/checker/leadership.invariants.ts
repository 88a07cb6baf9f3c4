import { rangeOf } from './clock.move.ts';
import type { LeaderSighting, Observation, WorkersEvidence } from './observation.ts';
import type { Violation } from './violation.ts';

const broken = (description: string, witness: Violation['witness']): Violation => ({
  invariant: 'one-effective-leader',
  description,
  witness,
});

/** Judges terms by the order of the writes in the store, and what workers say about themselves by the clock of the run. */
export const checkLeadership = ({ workers }: Observation): Violation[] =>
  workers
    ? [
        ...checkTerms(workers),
        ...checkHolders(workers),
        ...checkEarlyTakes(workers),
        ...checkReleases(workers),
        ...checkEffects(workers),
        ...checkLateEffects(workers),
        ...checkSightings(workers.sightings),
      ]
    : [];

const checkTerms = ({ takes }: WorkersEvidence): Violation[] =>
  takes.flatMap((take, index) => {
    const earlier = takes.slice(0, index).find(({ term }) => term >= take.term);
    return earlier ? [broken('a term is not larger than one before it', { earlier, take })] : [];
  });

/** By every write to the lease, and by the history that is kept. */
const checkHolders = ({ takes, kept }: WorkersEvidence): Violation[] => {
  const byTerm = Map.groupBy(takes, ({ term }) => term);
  const twice = [...byTerm.values()].filter((same) => new Set(same.map(({ claim }) => claim)).size > 1);
  return [
    ...twice.map((same) => broken('one term has two holders', { takes: same })),
    ...kept.flatMap((term) => {
      const same = byTerm.get(term.term) ?? [];
      const known = same.some(({ holder, since }) => holder === term.holder && since === term.since);
      return same.length === 0 || known ? [] : [broken('the history names another holder of a term', { term, same })];
    }),
  ];
};

/**
 * By the primary's clock. Where a fault had moved the clock of a member, a take is early only when it was so whichever member
 * was the primary. A worker may take the lease of its own lost take at once.
 */
const checkEarlyTakes = ({ takes, ttlMs, clocks }: WorkersEvidence): Violation[] =>
  takes.flatMap((take) => {
    const { from, since, holder } = take;
    if (!from || from.holder === holder) return [];
    const rangeOfTime = (shown: number) => rangeOf(shown, clocks?.moves ?? [], clocks?.run);
    const afterMs = rangeOfTime(since).latest - rangeOfTime(from.renewedAt).earliest;
    if (afterMs >= ttlMs) return [];
    return [broken('a lease was taken before one ttl had passed since its renewal', { take, afterMs, ttlMs })];
  });

/**
 * A holder that was stopped gives the lease back after its work has ended, so it writes nothing any more in that term. One that
 * stepped down may have a write under way, of which no answer came.
 */
const checkReleases = ({ takes, releases, writes }: WorkersEvidence): Violation[] =>
  releases
    .filter(({ end }) => end === 'released')
    .flatMap((release) => {
      const { holder, place } = release;
      const next = takes.find((take) => take.holder === holder && take.place > place)?.place ?? Infinity;
      const write = writes.find((one) => one.by?.holder === holder && one.place > place && one.place < next);
      return write ? [broken('a worker wrote after it had given the lease back', { release, write })] : [];
    });

/** A position is a statement that stays true whoever writes it: it is no effect. Figures and gauges are. */
const checkEffects = ({ writes }: WorkersEvidence): Violation[] => {
  const highest = new Map<string, (typeof writes)[number]>();
  return writes.flatMap((write) => {
    if (!write.by || write.kind === 'position') return [];
    const earlier = highest.get(write.document);
    if (!earlier?.by || earlier.by.term <= write.by.term) {
      highest.set(write.document, write);
      return [];
    }
    return [broken('a document was changed by a lower term after a higher one', { earlier, write })];
  });
};

/** Also of a document that the leader of the higher term has not touched: the store refuses each write of a lease that is over. */
const checkLateEffects = ({ takes, writes }: WorkersEvidence): Violation[] =>
  writes.flatMap((write) => {
    const { by, place, kind } = write;
    if (!by || kind === 'position') return [];
    const take = takes.find((one) => one.place < place && one.term > by.term);
    return take ? [broken('a lower term changed figures after a higher one had begun', { take, write })] : [];
  });

/** Nobody leads a term once anybody has said that he leads a higher one. Only questions after that answer are compared. */
const checkSightings = (sightings: readonly LeaderSighting[]): Violation[] => {
  const answered = sightings.toSorted((a, b) => a.answeredAt - b.answeredAt);
  const violations: Violation[] = [];
  let next = 0;
  let highest: LeaderSighting | undefined;
  for (const sighting of sightings.toSorted((a, b) => a.askedAt - b.askedAt)) {
    for (; next < answered.length && answered[next]!.answeredAt < sighting.askedAt; next += 1)
      if (!highest || answered[next]!.term > highest.term) highest = answered[next];
    if (highest && highest.term > sighting.term)
      violations.push(broken('a worker leads although another one leads a higher term', { highest, sighting }));
  }
  return violations;
};
