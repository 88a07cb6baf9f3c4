/**
 * A histogram with fixed bins: whole numbers below 16 have a bin each; above, each power of two has 8 bins, so a bin is at
 * most 12.5 % wide. Counts of equal bins are added, so histograms of parts merge into exactly that of the whole. A sketch
 * such as t-digest depends on the order of its input: a recount could not be equal bit for bit.
 */
const BINS_OF_A_POWER = 8;
/** The power of two of `BINS_OF_A_POWER`. */
const SHIFT = 3;
/** Larger values, of more than 24 days in milliseconds, are in the last bin. */
const VALUE_MAX = 0x7fff_ffff;

/** How many values each bin has, by the number of the bin. */
export type Bins = ReadonlyMap<number, number>;

/** @param value a whole number that is not negative */
export const binOf = (value: number): number => {
  if (value < BINS_OF_A_POWER) return value;
  const bounded = Math.min(value, VALUE_MAX);
  const shift = 31 - Math.clz32(bounded) - SHIFT;
  return shift * BINS_OF_A_POWER + (bounded >>> shift);
};

export const BIN_LAST = binOf(VALUE_MAX);

/** The largest value of a bin. */
export const upperBoundOf = (bin: number): number => {
  if (bin < BINS_OF_A_POWER) return bin;
  const shift = Math.floor(bin / BINS_OF_A_POWER) - 1;
  return ((bin % BINS_OF_A_POWER) + BINS_OF_A_POWER + 1) * 2 ** shift - 1;
};

/**
 * The upper bound of the bin that has the quantile: at least the share `quantile` of all values is not larger. At most
 * 12.5 % above the exact quantile. Undefined without values.
 */
export const quantileOf = (bins: Bins, quantile: number): number | undefined => {
  const total = [...bins.values()].reduce((sum, count) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(quantile * total));
  let passed = 0;
  for (const [bin, count] of [...bins].sort(([a], [b]) => a - b)) {
    passed += count;
    if (passed >= rank) return upperBoundOf(bin);
  }
  return undefined;
};
