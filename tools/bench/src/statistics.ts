/** The value of sorted samples at a share from 0 to 1, by the nearest-rank method; NaN without samples. */
export const percentile = (sorted: ArrayLike<number>, share: number): number =>
  sorted.length === 0 ? NaN : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;

export const sorted = (samples: ArrayLike<number>): Float64Array => Float64Array.from(samples).sort();

/** The middle sample; the mean of the two middle samples when their count is even. NaN without samples. */
export const median = (samples: number[]): number => {
  const values = sorted(samples);
  const half = values.length / 2;
  if (values.length === 0) return NaN;
  return values.length % 2 === 1 ? values[Math.floor(half)]! : (values[half - 1]! + values[half]!) / 2;
};

export interface Spread {
  median: number;
  min: number;
  max: number;
  runs: number[];
}

export const spreadOf = (runs: number[]): Spread => ({
  median: median(runs),
  min: Math.min(...runs),
  max: Math.max(...runs),
  runs,
});
