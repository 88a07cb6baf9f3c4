import type { TrailWrite, WindowFigures } from '@wiber/evidence';
import type { ForcedTakeover, RunEvidence } from './run.evidence.ts';
import { check } from './takeover.checker.ts';

const lease = (term: number | undefined, claim: string | undefined): TrailWrite => ({ type: 'lease', term, claim });
const effect = (term: number | undefined, document = 'window'): TrailWrite => ({ type: 'effect', document, term });
const takeover = (from: number, given: Partial<ForcedTakeover> = {}): ForcedTakeover => ({
  kind: 'kill',
  leader: 'kill',
  from: { instance: 'metrics-1', term: from },
  to: { instance: 'metrics-2', term: from + 1 },
  leaderlessMs: 1100,
  ...given,
});
const window = (given: Partial<WindowFigures> = {}): WindowFigures => ({
  ...{ stream: 'accepted', span: 'minute', start: 60_000, partition: 0, upTo: 8 },
  ...{ counts: { records: 9 }, samples: { users: [3, 5] } },
  ...given,
});

const TRAIL = [lease(1, 'a'), effect(1), lease(1, 'a'), lease(1, undefined), lease(2, 'b'), effect(2), lease(3, 'c')];
const correct = (given: Partial<RunEvidence> = {}): RunEvidence => ({
  ttlMs: 1000,
  planned: 2,
  takeovers: [takeover(1), takeover(2)],
  trail: TRAIL,
  windows: { shown: [window()], recount: [window()] },
  ...given,
});

const brokenOf = (given: Partial<RunEvidence>) =>
  check(correct(given)).flatMap(({ promise, broken }) => broken.map((witness) => [promise, witness]));

test('a correct run breaks no promise, and each promise was looked at', () => {
  const verdicts = check(correct());
  expect(verdicts.filter(({ brokenCount }) => brokenCount > 0)).toEqual([]);
  expect(verdicts.map(({ looked }) => looked > 0)).toEqual(verdicts.map(() => true));
});

const shown = (given: Partial<WindowFigures>) => ({ windows: { shown: [window(given)], recount: [window()] } });
const [GROW, LATE, NEXT, WINDOW, SHORT] = [
  'terms strictly grow',
  'no effect after a higher term',
  'each takeover was forced and has a next leader',
  'every window equals a recount',
  'the time without a leader is short',
];

test.each<[string, Partial<RunEvidence>, string, string]>([
  ['a term that goes back', { trail: [...TRAIL, lease(2, 'd')] }, GROW, 'the term went back from 3 to 2'],
  ['a take that keeps the term', { trail: [...TRAIL, lease(3, 'd')] }, GROW, 'was taken, and its term stayed at 3'],
  ['a deleted lease', { trail: [...TRAIL, lease(undefined, undefined)] }, GROW, 'lost its term after the term 3'],
  ['a lower term after a higher one', { trail: [...TRAIL, effect(2)] }, LATE, 'term 2 changed window after the term 3'],
  [
    'a zombie that writes a document which the new leader has not touched',
    { trail: [...TRAIL, effect(1, 'another window')] },
    LATE,
    'term 1 changed another window after the term 3 had begun',
  ],
  ['a write in a term that nobody had', { trail: [...TRAIL, effect(4)] }, LATE, 'term 4, which the lease never had'],
  ['a write without a term', { trail: [...TRAIL, effect(undefined)] }, LATE, 'a write to window has no term'],
  ['a run without a write', { trail: TRAIL.filter(({ type }) => type === 'lease') }, LATE, 'nothing to look at'],
  ['a window that counts twice', shown({ counts: { records: 10 } }), WINDOW, 'records is 10, the recount is 9'],
  ['a window that lacks a user', shown({ samples: { users: [3] } }), WINDOW, 'users is [3], the recount is [3,5]'],
  ['a window that stopped early', shown({ upTo: 7 }), WINDOW, 'it has counted up to 7, the log has 8'],
  ['a missing window', { windows: { shown: [], recount: [window()] } }, WINDOW, 'it is missing'],
  [
    'a window of nothing',
    { windows: { shown: [window(), window({ start: 0 })], recount: [window()] } },
    WINDOW,
    'accepted minute 0 of partition 0: neither log nor store has anything of it',
  ],
  ['a log that is not counted to its end', { unsettled: 'partition 0' }, WINDOW, 'not everything is counted'],
  [
    'a time without a leader that is too long',
    { takeovers: [takeover(1), takeover(1), takeover(2, { leaderlessMs: 3001 })] },
    SHORT,
    'kill: p99 is 3001 ms, the bound is 3000 ms',
  ],
  ['a run that ended early', { planned: 9, stoppedBy: 'no worker' }, NEXT, 'only 2 of 9 were forced: no worker'],
  [
    'a slow kind among fast ones',
    {
      takeovers: [takeover(1), takeover(1), takeover(1), takeover(2, { kind: 'clock-behind', leaderlessMs: 1600 })],
    },
    SHORT,
    'clock-behind: p50 is 1600 ms, the bound is 1500 ms',
  ],
])('the checker notices %s', (_, planted, promise, witness) => {
  expect(brokenOf(planted)).toContainEqual([promise, expect.stringContaining(witness)]);
});

test('the checker notices a takeover that never came, and one that the lease does not have', () => {
  const { to: _, ...nobody } = takeover(3, { leaderlessMs: 60_000 });
  const broken = brokenOf({ takeovers: [takeover(1), nobody, takeover(7)] });
  expect(broken).toContainEqual([NEXT, 'takeover 2 (kill, kill) after term 3: nobody took over']);
  expect(broken).toContainEqual([NEXT, 'takeover 3 (kill, kill) after term 7: the lease never had term 8']);
});
