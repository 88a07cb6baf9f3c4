import { leadershipTraceOf } from './leadership.trace.ts';
import type { OplogEntry } from './oplog.reader.ts';

const NAMES = {
  ...{ lease: 'metrics:chat', leases: 'leases', terms: 'lease_terms' },
  ...{ windows: 'messages.stats', progress: 'messages.progress' },
};

const entry = (change: Partial<OplogEntry>): OplogEntry => ({
  ...{ collection: 'leases', op: 'update', id: NAMES.lease, session: 's1', at: 0 },
  ...{ set: {}, unset: [], isWhole: false, parts: {} },
  ...change,
});

/** A take of metrics-1 in the session s1, of metrics-2 in s2, … */
const take = (term: number, worker: number, change: Partial<OplogEntry> = {}) => {
  const times = { since: term * 1000, renewedAt: term * 1000 };
  const set = { term, claim: `claim ${term}`, holder: `metrics-${worker}`, ...times };
  return entry({ set, session: `s${worker}`, ...change });
};
const FIRST = take(1, 1, { op: 'insert', isWhole: true });
const release = (end: string) =>
  entry({ set: { recent: [{ end }] }, unset: ['claim', 'holder', 'since', 'renewedAt'] });
const figures = (session: string, set: object, change: Partial<OplogEntry> = {}) =>
  entry({ collection: 'messages.stats', id: { start: 1 }, session, set, ...change });

test('a take is known by its claim, with the holder and the renewal before it; a renewal is none', () => {
  const renewal = entry({ set: { beat: 1, renewedAt: 1700 } });
  const { takes } = leadershipTraceOf([FIRST, renewal, take(2, 2)], NAMES);
  expect(takes).toEqual([
    { place: 0, term: 1, holder: 'metrics-1', claim: 'claim 1', since: 1000 },
    {
      ...{ place: 2, term: 2, holder: 'metrics-2', claim: 'claim 2', since: 2000 },
      from: { term: 1, holder: 'metrics-1', renewedAt: 1700 },
    },
  ]);
});

test('a lease that is given back is taken from nobody, and its release says how the term ended', () => {
  const { takes, releases } = leadershipTraceOf([FIRST, release('released'), take(2, 2)], NAMES);
  expect(releases).toEqual([{ place: 1, term: 1, holder: 'metrics-1', end: 'released' }]);
  expect(takes[1]).not.toHaveProperty('from');
});

test.each([
  ['whole', { u0: { end: 'released' } }],
  ['in part', { s0: { u: { end: 'released' } } }],
  ['not at all, because the one before it ended alike', { l: 3 }],
])('the end of a term is known when the oplog has the first of the ended terms %s', (_, recent) => {
  const ended = entry({ parts: { recent }, unset: ['claim'] });
  const before = take(2, 1, {
    set: { ...take(2, 1).set, recent: [{ end: 'released' }] },
  });
  expect(leadershipTraceOf([FIRST, before, ended], NAMES).releases).toMatchObject([{ term: 2, end: 'released' }]);
});

test('a lease under another _id counts, unless it is that of another topic', () => {
  const nameless = take(1, 2, { op: 'insert', id: { $oid: 'x' }, isWhole: true });
  const foreign = take(9, 9, { op: 'insert', id: 'metrics:other', isWhole: true });
  expect(leadershipTraceOf([FIRST, nameless, foreign], NAMES).takes.map(({ holder }) => holder)).toEqual([
    'metrics-1',
    'metrics-2',
  ]);
});

test('a write is the work of the holder whose session wrote to the lease, in the last term that it had taken', () => {
  const { writes } = leadershipTraceOf(
    [FIRST, take(2, 2), figures('s1', { upTo: 5 }), take(3, 1), figures('s1', {})],
    NAMES,
  );
  expect(writes.map(({ place, by }) => [place, by])).toEqual([
    [2, { holder: 'metrics-1', term: 1 }],
    [4, { holder: 'metrics-1', term: 3 }],
  ]);
});

test('a session that never writes to the lease is known by a document that it makes; one that shows nothing is nobody', () => {
  const made = figures('s7', { term: 1 }, { op: 'insert', isWhole: true });
  const { writes } = leadershipTraceOf([FIRST, made, figures('s7', {}), figures('s8', {})], NAMES);
  expect(writes.map(({ by }) => by?.holder)).toEqual(['metrics-1', 'metrics-1', undefined]);
});

test('gauges are told from positions, and what retention deletes is no write', () => {
  const progress = (change: Partial<OplogEntry>) => entry({ collection: 'messages.progress', id: 'chat', ...change });
  const { writes } = leadershipTraceOf(
    [
      FIRST,
      progress({ parts: { gauges: {}, next: {} }, set: { at: 1 } }),
      progress({ parts: { next: {} }, set: { at: 2 } }),
      figures('s1', {}, { op: 'delete' }),
      entry({ collection: 'lease_terms', op: 'delete' }),
    ],
    NAMES,
  );
  expect(writes.map(({ kind }) => kind)).toEqual(['gauges', 'position']);
});
