import { STREAMS, type Stream } from '@wiber/contracts';
import type { Progress } from '@wiber/mongo';
import { METRIC } from '@wiber/observability';
import { register } from 'prom-client';
import { AggregateMetrics } from './aggregate.metrics.ts';

beforeEach(() => register.clear());

const progress = {
  at: 5000,
  countedAt: 4000,
  next: {
    accepted: new Map([
      [0, 8],
      [1, 4],
    ]),
  },
  gauges: {
    accepted: new Map([
      [0, { end: 10 }],
      [1, { end: 4 }],
    ]),
    stored: new Map([[0, { committed: 7, waitingSince: 3500 }]]),
    dead_lettered: new Map([[0, { end: 3, isStopped: false }]]),
  },
} as unknown as Progress;

const valueOf = async (name: string): Promise<number | undefined> =>
  (await register.getSingleMetric(name)!.get()).values[0]?.value;

test('the leader shows what ingest and the count have left to do', async () => {
  new AggregateMetrics().show(progress, () => true, new Set(STREAMS));
  expect(await valueOf(METRIC.statsIngestLag)).toBe(7);
  expect(await valueOf(METRIC.statsIngestAge)).toBe(1.5);
  expect(await valueOf(METRIC.statsUncounted)).toBe(2);
  expect(await valueOf(METRIC.statsCountedAt)).toBe(4);
});

test('a worker that does not lead, or leads no more, shows no value', async () => {
  let isLeading = true;
  const metrics = new AggregateMetrics();
  expect(await valueOf(METRIC.statsIngestLag)).toBeUndefined();
  metrics.show(progress, () => isLeading, new Set(STREAMS));
  expect(await valueOf(METRIC.statsIngestLag)).toBe(7);
  isLeading = false;
  expect(await valueOf(METRIC.statsIngestLag)).toBeUndefined();
});

test('a value of a stream that the last round could not count is not shown; when all was last counted is', async () => {
  new AggregateMetrics().show(progress, () => true, new Set<Stream>(['stored', 'dead_lettered']));
  for (const name of [METRIC.statsIngestLag, METRIC.statsIngestAge, METRIC.statsUncounted])
    expect(await valueOf(name)).toBeUndefined();
  expect(await valueOf(METRIC.statsCountedAt)).toBe(4);
});

test('the leader shows how many partitions are stopped, by stream; a worker that leads no more shows none', async () => {
  let isLeading = true;
  const stopped = async () => {
    const { values } = await register.getSingleMetric(METRIC.statsStopped)!.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels['stream'], value]));
  };
  const metrics = new AggregateMetrics();
  expect(await stopped()).toEqual({});
  metrics.show(progress, () => isLeading, new Set(STREAMS));
  expect(await stopped()).toEqual({ accepted: 0, dead_lettered: 0 });
  const accepted = new Map(Array.from({ length: 100 }, (_, one) => [one, { end: 4, isStopped: one < 70 }]));
  const ill = { ...progress, gauges: { ...progress.gauges, accepted } };
  metrics.show(ill, () => isLeading, new Set(STREAMS));
  expect(await stopped()).toEqual({ accepted: 70, dead_lettered: 0 });
  metrics.show(ill, () => isLeading, new Set<Stream>(['dead_lettered']));
  expect(await stopped()).toEqual({ dead_lettered: 0 });
  isLeading = false;
  expect(await stopped()).toEqual({});
});

test('the leader shows the backlog of each partition, of at most 256; a worker that leads no more shows none', async () => {
  let isLeading = true;
  const lags = async () => {
    const { values } = await register.getSingleMetric(METRIC.statsPartitionLag)!.get();
    return values.map(({ labels, value }) => [labels['partition'], value]);
  };
  const metrics = new AggregateMetrics();
  metrics.show(progress, () => isLeading, new Set(STREAMS));
  expect(await lags()).toEqual([
    [0, 3],
    [1, 4],
  ]);
  const accepted = new Map(Array.from({ length: 300 }, (_, one) => [one, { end: 4 }]));
  const many = { ...progress, gauges: { ...progress.gauges, accepted } } as unknown as Progress;
  metrics.show(many, () => isLeading, new Set(STREAMS));
  expect(await lags()).toHaveLength(256);
  metrics.show(progress, () => isLeading, new Set<Stream>(['accepted']));
  expect(await lags()).toEqual([]);
  metrics.show(progress, () => isLeading, new Set(STREAMS));
  isLeading = false;
  expect(await lags()).toEqual([]);
});
