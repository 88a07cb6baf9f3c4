import { checkLeadership } from './leadership.invariants.ts';
import { correctRun } from './correct.run.ts';
import type { WorkersEvidence } from './observation.ts';

type Changes = Partial<WorkersEvidence>;

const TTL_MS = 2000;
/** Term 1 is given back, term 2 dies, term 3 lasts. */
const TAKES: WorkersEvidence['takes'] = [
  { place: 0, term: 1, holder: 'metrics-1', claim: 'a', since: 1000 },
  { place: 10, term: 2, holder: 'metrics-2', claim: 'b', since: 5000 },
  {
    ...{ place: 20, term: 3, holder: 'metrics-1', claim: 'c', since: 9000 },
    from: { term: 2, holder: 'metrics-2', renewedAt: 7000 },
  },
];
const RELEASES: WorkersEvidence['releases'] = [{ place: 9, term: 1, holder: 'metrics-1', end: 'released' }];

type Kind = WorkersEvidence['writes'][number]['kind'];
/** Terms 1 and 3 are those of metrics-1, term 2 is that of metrics-2. */
const write = (place: number, term: number, kind: Kind = 'figures') => ({
  ...{ place, kind, document: kind === 'figures' ? 'window' : 'progress' },
  by: { holder: term === 2 ? 'metrics-2' : 'metrics-1', term },
});
const sighting = (worker: string, term: number, askedAt: number) => ({
  worker,
  term,
  askedAt,
  answeredAt: askedAt + 5,
});

const brokenBy = (changes: Changes): string[] => {
  const workers: WorkersEvidence = {
    ttlMs: TTL_MS,
    sightings: [sighting('metrics-1', 1, 100), sighting('metrics-2', 2, 200), sighting('metrics-1', 3, 300)],
    kept: TAKES.map(({ term, holder, since }) => ({ term, holder, since })),
    takes: TAKES,
    releases: RELEASES,
    writes: [write(5, 1), write(15, 2), write(25, 3)],
    windows: [],
    recount: [],
    ...changes,
  };
  return checkLeadership({ ...correctRun([]), workers }).map(({ description }) => description);
};

test('a run in which each leader begins after the one before it breaks nothing, and one without workers neither', () => {
  expect(brokenBy({})).toEqual([]);
  expect(checkLeadership(correctRun([]))).toEqual([]);
});

test('a term that is not larger than one before it is reported, and so is one that two processes hold', () => {
  const again = { ...TAKES[0]!, place: 30, claim: 'd' };
  expect(brokenBy({ takes: [...TAKES, { ...again, term: 2 }] })).toEqual(
    expect.arrayContaining(['a term is not larger than one before it', 'one term has two holders']),
  );
});

test('a history that names another holder of a term, or another begin of it, is reported', () => {
  const [first, ...others] = TAKES.map(({ term, holder, since }) => ({ term, holder, since }));
  const line = 'the history names another holder of a term';
  expect(brokenBy({ kept: [{ ...first!, holder: 'metrics-3' }, ...others] })).toEqual([line]);
  expect(brokenBy({ kept: [{ ...first!, since: 1 }, ...others] })).toEqual([line]);
});

test('a lease that is taken before one ttl has passed since its renewal is reported, unless its own holder takes it anew', () => {
  const [first, second, third] = TAKES;
  const early = { ...third!, from: { term: 2, holder: 'metrics-2', renewedAt: 7001 } };
  expect(brokenBy({ takes: [first!, second!, early] })).toEqual([
    'a lease was taken before one ttl had passed since its renewal',
  ]);
  const own = { ...early, from: { ...early.from, holder: 'metrics-1' } };
  expect(brokenBy({ takes: [first!, second!, own] })).toEqual([]);
});

test('a lease that is taken while the clock of a member is wrong is early only when it was so at any time that the clock may have shown', () => {
  const HOUR_MS = 3_600_000;
  const line = 'a lease was taken before one ttl had passed since its renewal';
  const [first, second, third] = TAKES;
  const run = { earliest: 0, latest: 60_000 };
  const moved = { process: 'mongo-1', from: 8000, to: 12_000 };
  const ahead = { ...moved, lowMs: HOUR_MS, highMs: HOUR_MS };
  const takenAt = (ms: number) => [first!, second!, { ...third!, since: ms + HOUR_MS }];
  // Renewed at 7,000 by a right clock, and taken at an hour later by one that is an hour ahead.
  expect(brokenBy({ kept: [], takes: takenAt(9000), clocks: { moves: [ahead], run } })).toEqual([]);
  expect(brokenBy({ kept: [], takes: takenAt(8999), clocks: { moves: [ahead], run } })).toEqual([line]);
  // A clock that is set back makes no take early that was in time.
  const behind = { ...moved, lowMs: -HOUR_MS, highMs: -HOUR_MS };
  const back = [first!, second!, { ...third!, since: 9000 - HOUR_MS }];
  expect(brokenBy({ kept: [], takes: back, clocks: { moves: [behind], run } })).toEqual([]);
  expect(brokenBy({ kept: [], takes: back })).toEqual([line]);
});

test('a write after the release of a stopped worker is reported; one in its next term is not, nor one of a worker that was late', () => {
  const line = 'a worker wrote after it had given the lease back';
  expect(brokenBy({ writes: [write(12, 1, 'position')] })).toEqual([line]);
  expect(brokenBy({ writes: [write(21, 3, 'position')] })).toEqual([]);
  const late = RELEASES.map((release) => ({ ...release, end: 'stepped-down' }));
  expect(brokenBy({ releases: late, writes: [write(12, 1, 'position')] })).toEqual([]);
});

test('figures and gauges that a lower term changes after a higher one are reported, positions are not', () => {
  const lines = [
    'a document was changed by a lower term after a higher one',
    'a lower term changed figures after a higher one had begun',
  ];
  for (const kind of ['figures', 'gauges'] as const)
    expect(brokenBy({ writes: [write(25, 3, kind), write(26, 2, kind)] })).toEqual(lines);
  const positions = [write(25, 3, 'position'), write(26, 2, 'position')];
  expect(brokenBy({ writes: positions })).toEqual([]);
  // Nobody knows who wrote it, so nobody is blamed.
  const { by, ...unknown } = write(26, 2);
  expect(by).toBeDefined();
  expect(brokenBy({ writes: [write(25, 3), unknown] })).toEqual([]);
});

test('a lower term that changes a document of its own after a higher one has begun is reported', () => {
  const line = 'a lower term changed figures after a higher one had begun';
  for (const kind of ['figures', 'gauges'] as const) expect(brokenBy({ writes: [write(21, 2, kind)] })).toEqual([line]);
  expect(brokenBy({ writes: [write(19, 2)] })).toEqual([]);
  expect(brokenBy({ writes: [write(21, 2, 'position')] })).toEqual([]);
});

test('a worker that leads a lower term is reported when it was asked after another one had said that it leads a higher one', () => {
  const line = 'a worker leads although another one leads a higher term';
  expect(brokenBy({ sightings: [sighting('metrics-1', 3, 300), sighting('metrics-2', 2, 306)] })).toEqual([line]);
  expect(brokenBy({ sightings: [sighting('metrics-2', 2, 304), sighting('metrics-1', 3, 300)] })).toEqual([]);
});
