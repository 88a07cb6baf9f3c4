import { WINDOW_MS, type StatsPointDto } from '@wiber/contracts';
import type { Evidence } from '../evidence/evidence.ts';
import { recount, windowFindings, windowsShown, type WindowSeries } from './window.recount.ts';

const HOUR = 500_000 * WINDOW_MS.hour;

const evidence: Evidence = {
  log: [
    { partition: 0, offset: 0, appendedAt: HOUR + 10, bytes: 100, key: 'ann:ben' },
    { partition: 0, offset: 1, appendedAt: HOUR + 999, bytes: 50, key: 'ann:cat' },
    { partition: 1, offset: 0, appendedAt: HOUR + 1000, bytes: 7, key: undefined },
  ],
  stored: [
    { timestamp: HOUR, storedAt: HOUR + 5 },
    { timestamp: HOUR + 900, storedAt: HOUR + 920 },
    { timestamp: HOUR + 900, storedAt: HOUR + 899 },
  ].map((times, offset) => ({
    ...{ partition: 0, offset, messageId: String(offset), conversationId: 'ann:ben', content: '', ...times },
  })),
  damaged: [],
  deadLetters: [],
  members: new Map(),
};

const seriesOf = (metric: string, size: string): WindowSeries =>
  recount(evidence).find((series) => series.metric === metric && series.size === size)!;

test('each metric is counted in the windows of its own time', () => {
  expect([...seriesOf('accepted', 'second').windows]).toEqual([
    [HOUR, { value: 2 }],
    [HOUR + 1000, { value: 1 }],
  ]);
  expect([...seriesOf('bytes', 'hour').windows]).toEqual([[HOUR, { value: 157 }]]);
  expect([...seriesOf('users', 'minute').windows]).toEqual([[HOUR, { value: 3 }]]);
  expect([...seriesOf('conversations', 'minute').windows]).toEqual([[HOUR, { value: 2 }]]);
  expect([...seriesOf('stored', 'hour').windows]).toEqual([[HOUR, { value: 3 }]]);
  expect([...seriesOf('latency', 'hour').windows]).toEqual([
    [HOUR, { value: 3, latency: { p50: 5, p90: 21, p99: 21, max: 21, negative: 1 } }],
  ]);
});

const point = (given: Partial<StatsPointDto>): StatsPointDto => ({ start: HOUR, isClosed: true, value: 2, ...given });

test('equal windows are no finding, whether or not the worker shows empty ones', () => {
  const shown = [point({}), point({ start: HOUR + 1000, value: 1 }), point({ start: HOUR + 2000, value: 0 })];
  expect(windowFindings(seriesOf('accepted', 'second'), windowsShown(shown))).toEqual([]);
});

test.each([
  ['one record too few', [point({ value: 1 }), point({ start: HOUR + 1000, value: 1 })]],
  ['a window that is missing', [point({})]],
  ['a window that the recount lacks', [point({}), ...[1000, 5000].map((at) => point({ start: HOUR + at, value: 1 }))]],
])('%s is a finding', (_, shown) => {
  const findings = windowFindings(seriesOf('accepted', 'second'), windowsShown(shown));
  expect(findings).toMatchObject([{ kind: 'windows' }]);
});

test('a latency that differs in one quantile is a finding', () => {
  const latency = { p50: 5, p90: 21, p99: 21, max: 23, negative: 1 };
  const findings = windowFindings(seriesOf('latency', 'hour'), windowsShown([point({ value: 3, latency })]));
  expect(findings).toMatchObject([{ kind: 'windows', detail: expect.stringContaining('latency of the hour') }]);
});
