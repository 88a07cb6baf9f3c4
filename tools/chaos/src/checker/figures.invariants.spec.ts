import type { WindowFigures } from '@wiber/evidence';
import { correctRun } from './correct.run.ts';
import { checkFigures } from './figures.invariants.ts';
import type { WorkersEvidence } from './observation.ts';

const WINDOW: WindowFigures = {
  ...{ stream: 'accepted', span: 'second', start: 1000, partition: 2, upTo: 7 },
  counts: { records: 3, bytes: 0, latency_b4: 1 },
  samples: { users: [4, 9], conversations: [5] },
};

const brokenBy = (windows: WindowFigures[], recount: WindowFigures[], uncounted?: string) => {
  const nothing = { ttlMs: 1, sightings: [], kept: [], takes: [], releases: [], writes: [] };
  const workers: WorkersEvidence = { ...nothing, windows, recount, uncounted };
  return checkFigures({ ...correctRun([]), workers });
};

test('windows that equal their recount break nothing, in any order, and neither do figures that nobody recounts', () => {
  const other = { ...WINDOW, partition: 1 };
  expect(brokenBy([WINDOW, other], [other, WINDOW])).toEqual([]);
  const more = { ...WINDOW, counts: { ...WINDOW.counts, new: 1 }, samples: { ...WINDOW.samples, new: [1] } };
  expect(brokenBy([more], [WINDOW])).toEqual([]);
});

test.each<[string, Partial<WindowFigures>, object, object]>([
  ['a count', { counts: { ...WINDOW.counts, records: 6 } }, { 'counts.records': '6' }, { 'counts.records': '3' }],
  [
    'a bin of latencies that the recount does not have',
    { counts: { ...WINDOW.counts, latency_b5: 1 } },
    { 'counts.latency_b5': '1' },
    { 'counts.latency_b5': 'absent' },
  ],
  [
    'a sample of names',
    { samples: { ...WINDOW.samples, users: [4] } },
    { 'samples.users': '4' },
    { 'samples.users': '4,9' },
  ],
  ['the last offset', { upTo: 8 }, { upTo: '8' }, { upTo: '7' }],
])('%s that differs is named, as counted and as recounted', (_, change, counted, recount) => {
  const [violation, ...others] = brokenBy([{ ...WINDOW, ...change }], [WINDOW]);
  expect(violation?.witness).toEqual({ window: 'accepted second 1000 of partition 2', counted, recount });
  expect(others).toEqual([]);
});

test('a window that is missing is reported, and so is one too many', () => {
  expect(brokenBy([], [WINDOW])).toHaveLength(1);
  expect(brokenBy([WINDOW], [])).toHaveLength(1);
});

test('what was not counted in time is reported by itself: the windows would differ in any case', () => {
  expect(brokenBy([], [WINDOW], 'accepted of partition 0 is counted to 1 of 2')).toMatchObject([
    { invariant: 'windows-equal-recount', witness: { uncounted: 'accepted of partition 0 is counted to 1 of 2' } },
  ]);
});
