import { GROWTH_CALLS, type GrowthCall } from '../load/load.job.ts';
import type { CallRate, GrowthPoint, GrowthSeries } from '../growth/growth.point.ts';
import { growthPlotOf } from './growth.plot.ts';
import { growthTableOf } from './growth.table.ts';

const COST = { gatewayCpu: 0.1, mongodCpu: 0.2, pagesRead: 1.5, bytesRead: 100 };

const pointOf = (size: number, rate: number): GrowthPoint => ({
  size,
  stored: size,
  drain: { rate: rate * 10, messages: 1000, mongodCpu: 0.02, ingestCpu: 0.01 },
  calls: Object.fromEntries(
    GROWTH_CALLS.map((call): [GrowthCall, CallRate] => [call, { rate, p50: 1, p99: 2, answerBytes: 100, cost: COST }]),
  ) as Record<GrowthCall, CallRate>,
  sizes: { messages: size, data: size * 100, indexes: { by_id: size * 20, by_time: size * 30 }, activity: size * 5 },
});

const GROWTH: GrowthSeries = { ids: 'time', points: [pointOf(10_000, 1000), pointOf(1_000_000, 900)] };

test('the table shows each rate with its ratio to the first size, and the bytes of a message', () => {
  const table = growthTableOf(GROWTH);
  expect(table).toContain('| ids in time order | 10,000 stored | 1,000,000 stored |');
  expect(table).toContain('| ingest draining a backlog, messages/s | 10,000 | 9,000 (0.90) |');
  expect(table).toContain('| one message by id, messages/s | 1,000 | 900 (0.90) |');
  expect(table).toContain('| mongod, CPU-s for 1,000 stored | 0.0200 | 0.0200 |');
  expect(table).toContain('| by-id: mongod, CPU-s for 1,000; pages read for one | 0.200; 1.5 | 0.200; 1.5 |');
  expect(table).toContain('| index by_time, bytes for a message | 30.0 | 30.0 |');
  expect(table).toContain('| all of it, bytes for a message | 155 | 155 |');
});

test('the plot is an SVG with a chart for each rate', () => {
  const svg = growthPlotOf([GROWTH, { ...GROWTH, ids: 'random' }]);
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain('page by log, pages/s');
  expect(svg).toContain('ids at random (Idempotency-Key)');
});
