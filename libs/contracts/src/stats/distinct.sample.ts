/**
 * Counts distinct names by their hashes: of all hashes the smallest are kept (K minimum values, Bar-Yossef et al. 2002).
 * The sample of a whole depends neither on order nor on repeats, and follows from the samples of its parts. So two workers
 * that add the same names, or one that adds them twice, write the same sample.
 */

/** Hashes are whole numbers below 2 to the power of HASH_BITS. A double holds them exactly. */
export const HASH_BITS = 48;

/** Hashes, smallest first, each once. */
export type DistinctSample = readonly number[];

export interface DistinctCount {
  count: number;
  /** False for an estimate: the sample is full. Its standard error is about 1 / sqrt(size). */
  isExact: boolean;
}

/** The `size` smallest hashes of some parts, which may have hashes in common and any order. */
export const sampleOf = (parts: Iterable<Iterable<number>>, size: number): DistinctSample => {
  const all = new Set<number>();
  for (const part of parts) for (const hash of part) all.add(hash);
  // Sorts numbers without calling back for each pair.
  return Array.from(Float64Array.from(all).sort().subarray(0, size));
};

/** How many distinct names there were: exact while there are fewer than `size`. */
export const countDistinct = (sample: DistinctSample, size: number): DistinctCount => {
  const largest = sample[size - 1];
  if (largest === undefined) return { count: sample.length, isExact: true };
  // No name's hash is 0, or the estimate would be without a bound: an estimate is at least what the sample holds.
  const estimate = Math.round(((size - 1) * 2 ** HASH_BITS) / Math.max(1, largest));
  return { count: Math.max(size, estimate), isExact: false };
};
