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

/** So many times the size are collected before they are sorted and cut. */
const COLLECTED_SIZES = 4;
let scratch = new Float64Array(4096);

/** The `size` smallest hashes of some parts, which may have hashes in common and any order. */
export const sampleOf = (parts: Iterable<Iterable<number>>, size: number): DistinctSample => {
  if (size === 0) return [];
  if (scratch.length < COLLECTED_SIZES * size) scratch = new Float64Array(COLLECTED_SIZES * size);
  const collected = scratch;
  let length = 0;
  let largest = Infinity;
  for (const part of parts)
    for (const hash of part) {
      // Most hashes of many are larger than all that are kept.
      if (hash > largest) continue;
      if (length === collected.length) {
        length = keepSmallest(collected, length, size);
        if (length === size) largest = collected[size - 1]!;
      }
      collected[length++] = hash;
    }
  return Array.from(collected.subarray(0, keepSmallest(collected, length, size)));
};

/** Puts the smallest of the first `length` hashes in front, in order and each once. @returns how many they are */
const keepSmallest = (hashes: Float64Array, length: number, size: number): number => {
  // Without a comparator it sorts numbers, and calls nothing back for each pair.
  hashes.subarray(0, length).sort();
  let kept = 0;
  for (let index = 0; index < length && kept < size; index += 1)
    if (kept === 0 || hashes[index] !== hashes[kept - 1]) hashes[kept++] = hashes[index]!;
  return kept;
};

/** How many distinct names there were: exact while there are fewer than `size`. */
export const countDistinct = (sample: DistinctSample, size: number): DistinctCount => {
  const largest = sample[size - 1];
  if (largest === undefined) return { count: sample.length, isExact: true };
  // No name's hash is 0, or the estimate would be without a bound: an estimate is at least what the sample holds.
  const estimate = Math.round(((size - 1) * 2 ** HASH_BITS) / Math.max(1, largest));
  return { count: Math.max(size, estimate), isExact: false };
};
