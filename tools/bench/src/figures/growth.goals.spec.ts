import { isMet } from './figure.ts';
import { GROWTH_CALLS, type GrowthCall } from '../load/load.job.ts';
import { goalsOf } from './growth.goals.ts';
import { laterSizes, type CallRate, type GrowthPoint } from '../growth/growth.point.ts';

const COST = { gatewayCpu: 0, mongodCpu: 0, pagesRead: 0, bytesRead: 0 };
const callAt = (rate: number): CallRate => ({ rate, p50: 1, p99: 2, answerBytes: 100, cost: COST });

/** @param rates of the drain and of each call */
const pointOf = (size: number, rates: { drain: number; call: number }): GrowthPoint => ({
  size,
  stored: size,
  drain: { rate: rates.drain, messages: 1000, mongodCpu: 0.02, ingestCpu: 0.01 },
  calls: Object.fromEntries(GROWTH_CALLS.map((call) => [call, callAt(rates.call)])) as Record<GrowthCall, CallRate>,
  sizes: { messages: size, data: 100, indexes: {}, activity: 10 },
});

const EMPTY = pointOf(10_000, { drain: 30_000, call: 1000 });

test('a goal is checked only when its size was measured', () => {
  const goalsWith = (...points: GrowthPoint[]) => goalsOf({ ids: 'time', points: [EMPTY, ...points] });
  expect(goalsWith(pointOf(1_000_000, { drain: 1, call: 1 }))).toEqual([]);
  expect(goalsWith(pointOf(3_000_000, { drain: 19_500, call: 1 }))).toEqual([
    { what: 'drain at 3 M, of that into an empty store', got: 0.65, reach: 0.65, type: 'at-least' },
  ]);
});

test('at 10 million the drain, pages of a conversation, the look-up by id and POST each have a goal', () => {
  const goals = goalsOf({ ids: 'random', points: [EMPTY, pointOf(10_000_000, { drain: 15_000, call: 899 })] });
  expect(goals.map(({ what, got, reach }) => [what.split(' ')[0], got, reach])).toEqual([
    ['drain', 0.5, 0.5],
    ['page-by-time', 0.899, 0.9],
    ['page-by-log', 0.899, 0.9],
    ['by-id', 0.899, 0.9],
    ['post', 0.899, 0.9],
  ]);
  expect(goals.map(isMet)).toEqual([true, false, false, false, false]);
});

test('after the first size a store is measured at the known sizes below the last one, and at the last one', () => {
  expect(laterSizes(20_000)).toEqual([20_000]);
  expect(laterSizes(3_000_000)).toEqual([1_000_000, 3_000_000]);
  expect(laterSizes(10_000_000)).toEqual([1_000_000, 3_000_000, 5_000_000, 10_000_000]);
});
