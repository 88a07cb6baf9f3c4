import { round, type Goal } from './figure.ts';
import type { GrowthCall } from '../load/load.job.ts';
import type { GrowthPoint, GrowthSeries } from '../growth/growth.point.ts';

const DRAIN_GOALS = [
  { size: 3_000_000, reach: 0.65 },
  { size: 10_000_000, reach: 0.5 },
];
const CALL_GOALS = {
  size: 10_000_000,
  reach: 0.9,
  calls: ['page-by-time', 'page-by-log', 'by-id', 'post'] as const satisfies GrowthCall[],
};

const million = (size: number): string => `${size / 1_000_000} M`;

/** The goals of the sizes that were measured. Each is a rate in relation to that at the first size. */
export const goalsOf = ({ points }: GrowthSeries): Goal[] => {
  const [first] = points;
  const at = (wanted: number): GrowthPoint | undefined => points.find(({ size }) => size === wanted);
  const goals: Goal[] = [];
  for (const { size, reach } of DRAIN_GOALS) {
    const point = at(size);
    if (!first || !point) continue;
    const got = round(point.drain.rate / first.drain.rate, 3);
    goals.push({ what: `drain at ${million(size)}, of that into an empty store`, got, reach, type: 'at-least' });
  }
  const largest = at(CALL_GOALS.size);
  if (!first || !largest) return goals;
  for (const call of CALL_GOALS.calls) {
    const got = round(largest.calls[call].rate / first.calls[call].rate, 3);
    const what = `${call} at ${million(CALL_GOALS.size)}, of that at ${first.size.toLocaleString('en')}`;
    goals.push({ what, got, reach: CALL_GOALS.reach, type: 'at-least' });
  }
  return goals;
};
