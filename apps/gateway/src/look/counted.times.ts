import type { CountedTimes, LookLatency } from '@wiber/contracts';

/** The values that came between two counts of one process; undefined when its buckets are others. */
export const timesBetween = (before: CountedTimes, after: CountedTimes): CountedTimes | undefined => {
  const { bounds, counts } = after;
  if (counts.length !== bounds.length + 1 || bounds.join() !== before.bounds.join()) return undefined;
  return { bounds, counts: counts.map((count, index) => Math.max(0, count - (before.counts[index] ?? 0))) };
};

/** The values of several processes with equal buckets; those of others are left out. */
export const allTimes = (times: readonly CountedTimes[]): CountedTimes | undefined =>
  times.reduce<CountedTimes | undefined>((sum, one) => {
    if (!sum) return one;
    if (sum.bounds.join() !== one.bounds.join()) return sum;
    return { bounds: sum.bounds, counts: sum.counts.map((count, index) => count + (one.counts[index] ?? 0)) };
  }, undefined);

/** Quantiles in whole milliseconds, as Prometheus makes them of buckets: even inside of each. Undefined without values. */
export const latencyIn = ({ bounds, counts }: CountedTimes): LookLatency | undefined => {
  const all = counts.at(-1) ?? 0;
  if (all === 0) return undefined;
  const quantile = (share: number): number => {
    const rank = share * all;
    const bucket = counts.findIndex((count) => count >= rank);
    const [from, to] = [bounds[bucket - 1] ?? 0, bounds[bucket]];
    // Above the last bound nothing is known but that.
    if (to === undefined) return Math.round((bounds.at(-1) ?? 0) * 1000);
    const [below, within] = [counts[bucket - 1] ?? 0, counts[bucket]! - (counts[bucket - 1] ?? 0)];
    return Math.round((from + ((to - from) * (rank - below)) / Math.max(1, within)) * 1000);
  };
  return { p50: quantile(0.5), p99: quantile(0.99) };
};
