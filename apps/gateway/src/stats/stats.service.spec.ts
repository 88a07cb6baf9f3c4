import { SAMPLE, SAMPLE_SIZE, type Figures, type StatsMetric, type WindowSize } from '@wiber/contracts';
import type { Progress, StatsReader, WindowView, WindowsQuery } from '@wiber/mongo';
import { POINTS_DEFAULT, POINTS_MAX, type SeriesQuery } from './stats.request.ts';
import { StatsService } from './stats.service.ts';

const HOUR = 3_600_000;
const NOW = 500_000 * HOUR + 30 * 60_000 + 12_345;
const MINUTE = Math.floor(NOW / 60_000) * 60_000;
const NO_PARTITIONS = { accepted: new Map(), stored: new Map(), dead_lettered: new Map() };

const progressOf = (given: Partial<Progress>): Progress => ({
  id: 'one',
  at: NOW,
  writes: 1,
  countedAt: NOW - 9000,
  term: 1,
  begin: NO_PARTITIONS,
  next: NO_PARTITIONS,
  completeTo: { accepted: NOW - 1000, stored: NOW - 11_000, dead_lettered: NOW - 1000 },
  gauges: NO_PARTITIONS,
  keptMs: { second: 2 * HOUR, minute: 48 * HOUR, hour: 4800 * HOUR },
  ...given,
});

const LIMITS = { withinMs: 1000 };

/** A service whose worker has counted these windows. `asked` has what was read. */
const serviceWith = (windows: Record<number, Figures> = {}, given: Partial<Progress> = {}) => {
  const asked: WindowsQuery[] = [];
  const reader = {
    shown: async (query: WindowsQuery, view: WindowView<unknown>) => {
      asked.push(query);
      const inRange = Object.entries(windows).filter(
        ([start]) => Number(start) >= query.from && Number(start) < query.to,
      );
      return new Map(inRange.map(([start, figures]) => [Number(start), view.of(figures)]));
    },
    totals: async () => new Map<number, Figures>(),
  };
  const service = new StatsService(reader as unknown as StatsReader);
  const counted = [progressOf(given), LIMITS] as const;
  return {
    asked,
    service: {
      nameOf: (query: SeriesQuery) => service.nameOf(query, counted[0]),
      series: (query: SeriesQuery) => service.series(query, ...counted),
      overview: () => service.overview(...counted),
      partitions: () => service.partitions(...counted),
    },
  };
};

const ask = (query: { metric?: StatsMetric; step?: WindowSize; from?: number; to?: number }) => {
  return { metric: 'accepted', step: 'minute', from: undefined, to: undefined, ...query } as const;
};

test('a series without a range ends with the current window, and each window has a point', async () => {
  const { service } = serviceWith({ [MINUTE]: { counts: { records: 3 }, samples: {} } });
  const { from, to, points } = await service.series(ask({}));
  expect([from, to, points.length]).toEqual([
    MINUTE + 60_000 - POINTS_DEFAULT * 60_000,
    MINUTE + 60_000,
    POINTS_DEFAULT,
  ]);
  expect(points.at(-1)).toEqual({ start: MINUTE, isClosed: false, value: 3 });
  expect(points.at(-2)).toEqual({ start: MINUTE - 60_000, isClosed: true, value: 0 });
});

test('a range is widened to whole windows, and cut to those that are kept and that were counted', async () => {
  const { service, asked } = serviceWith();
  expect(await service.series(ask({ from: MINUTE - 59_999, to: MINUTE - 59_998 }))).toMatchObject({
    from: MINUTE - 60_000,
    to: MINUTE,
    points: [{ start: MINUTE - 60_000 }],
  });
  const kept = await service.series(ask({ step: 'second', from: NOW - 3 * HOUR, to: NOW - 2 * HOUR + 1 }));
  expect([kept.from, kept.points.length]).toEqual([Math.floor((NOW - 2 * HOUR) / 1000) * 1000, 1]);
  expect((await service.series(ask({ from: NOW, to: NOW + 10 * HOUR }))).to).toBe(MINUTE + 60_000);
  for (const [from, to] of [
    [NOW, NOW],
    [NOW + HOUR, NOW + 2 * HOUR],
    [5, 0],
    [0, 1],
  ] as const) {
    const empty = await service.series(ask({ from, to }));
    expect([empty.points, empty.from]).toEqual([[], empty.to]);
  }
  for (const { from, to } of asked) expect(to).toBeGreaterThanOrEqual(from);
});

test('ranges that are cut to the same windows are one question, and others are not', () => {
  const { service } = serviceWith();
  const all = service.nameOf(ask({ step: 'second', from: 0 }));
  for (let from = 1; from < 100; from += 1) expect(service.nameOf(ask({ step: 'second', from }))).toBe(all);
  expect(service.nameOf(ask({ step: 'second', from: 0, to: NOW + HOUR }))).toBe(all);
  for (const query of [{ from: NOW - 5000 }, { from: 0, to: NOW - 5000 }, { from: 0, metric: 'stored' }] as const)
    expect(service.nameOf(ask({ step: 'second', ...query }))).not.toBe(all);
});

test('of a long range the latest windows are shown, and fewer of a topic with many partitions', async () => {
  const { service } = serviceWith();
  const long = await service.series(ask({ step: 'hour', from: 0 }));
  expect([long.points.length, long.points.at(-1)?.start]).toEqual([POINTS_MAX, 500_000 * HOUR]);
  const gauges = { ...NO_PARTITIONS, accepted: new Map(Array.from({ length: 100 }, (_, one) => [one, { end: 0 }])) };
  const wide = serviceWith({}, { gauges });
  expect((await wide.service.series(ask({ metric: 'users', step: 'hour', from: 0 }))).points).toHaveLength(20);
});

test('distinct users are exact while the sample has room, and said to be estimated when it is full', async () => {
  const users = (count: number): Figures => ({
    counts: {},
    samples: { [SAMPLE.users]: Array.from({ length: count }, (_, index) => (index + 1) * 2 ** 40) },
  });
  const { service } = serviceWith({ [MINUTE]: users(SAMPLE_SIZE.minute), [MINUTE - 60_000]: users(3) });
  const { points } = await service.series(ask({ metric: 'users', from: MINUTE - 60_000 }));
  expect(points).toMatchObject([
    { value: 3, isExact: true },
    { value: SAMPLE_SIZE.minute - 1 + 1, isExact: false },
  ]);
});

test('latency and reasons are shown with their window', async () => {
  const figures = {
    counts: { records: 4, latency_b5: 2, latency_b20: 1, latency_negative: 1, reason_schema: 2, reason_unknown: 2 },
    samples: {},
  };
  const { service } = serviceWith({ [MINUTE]: figures });
  const latency = await service.series(ask({ metric: 'latency', from: MINUTE }));
  expect(latency.points).toEqual([
    {
      start: MINUTE,
      isClosed: false,
      value: 4,
      latency: { p50: 5, p90: 25, p99: 25, max: 25, negative: 1 },
    },
  ]);
  const dead = await service.series(ask({ metric: 'dead_lettered', from: MINUTE }));
  expect(dead.points[0]?.reasons).toEqual([
    { reason: 'schema', count: 2 },
    { reason: 'unknown', count: 2 },
  ]);
});

test('the overview shows the last minute that was counted to its end', async () => {
  const { service } = serviceWith({ [MINUTE - 60_000]: { counts: { records: 9 }, samples: {} } });
  const { accepted, stored, deadLettered } = await service.overview();
  expect([accepted.lastMinute, stored.lastMinute, deadLettered.lastMinute]).toEqual([9, 9, 9]);
});

test('countedAt is when all was last counted, however fresh the last write is', async () => {
  const { service } = serviceWith();
  expect((await service.overview()).countedAt).toBe(NOW - 9000);
});

test('a partition that is stopped is named', async () => {
  const accepted = new Map([
    [0, { end: 4 }],
    [1, { isStopped: true }],
  ]);
  const { service } = serviceWith({}, { gauges: { ...NO_PARTITIONS, accepted } });
  expect((await service.partitions()).map(({ isStopped }) => isStopped)).toEqual([false, true]);
});

test('a partition shows what ingest has left to do', async () => {
  const gauges = {
    accepted: new Map([
      [1, { end: 10 }],
      [0, { end: 4 }],
    ]),
    stored: new Map([[1, { committed: 7, waitingSince: NOW - 9 }]]),
    dead_lettered: new Map(),
  };
  const { service } = serviceWith({}, { gauges });
  expect(await service.partitions()).toMatchObject([
    { partition: 0, end: 4, committed: 0, lag: 4 },
    { partition: 1, end: 10, committed: 7, lag: 3, waitingSince: NOW - 9 },
  ]);
  expect((await service.overview()).lag).toBe(7);
});
