import fc from 'fast-check';
import { BIN_LAST, binOf, quantileOf, upperBoundOf, type Bins } from './latency.histogram.ts';

const value = fc.oneof(fc.nat(40), fc.nat(100_000), fc.nat(0x7fff_ffff));

const binsOf = (values: readonly number[]): Map<number, number> => {
  const bins = new Map<number, number>();
  for (const one of values) bins.set(binOf(one), (bins.get(binOf(one)) ?? 0) + 1);
  return bins;
};
const merged = (...parts: Bins[]): Map<number, number> => {
  const all = new Map<number, number>();
  for (const part of parts) for (const [bin, count] of part) all.set(bin, (all.get(bin) ?? 0) + count);
  return all;
};

test('the bins follow each other without a gap, and each value is in the bin whose bounds hold it', () => {
  let low = 0;
  for (let bin = 0; bin <= BIN_LAST; bin += 1) {
    expect([bin, binOf(low), binOf(upperBoundOf(bin))]).toEqual([bin, bin, bin]);
    low = upperBoundOf(bin) + 1;
  }
  expect(low).toBe(2 ** 31);
});

test('a value is at most 12.5 % below the upper bound of its bin; one above all bins is in the last', () => {
  fc.assert(
    fc.property(value, (one) => {
      const upper = upperBoundOf(binOf(one));
      expect(upper).toBeGreaterThanOrEqual(one);
      expect(upper - one).toBeLessThan(one / 8 + 1);
    }),
  );
  expect(binOf(Number.MAX_SAFE_INTEGER)).toBe(BIN_LAST);
});

test('the histograms of parts, cut and merged in any way, are that of the whole', () => {
  fc.assert(
    fc.property(fc.array(value), fc.nat(50), fc.nat(50), (values, one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const parts = [values.slice(to), values.slice(0, from), values.slice(from, to)].map(binsOf);
      const order = (bins: Bins) => [...bins].sort(([a], [b]) => a - b);
      expect(order(merged(...parts))).toEqual(order(binsOf(values)));
    }),
  );
});

test('a quantile is the upper bound of the bin in which the exact quantile is', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.constantFrom(0.5, 0.9, 0.99, 1), (values, quantile) => {
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(quantile * values.length)) - 1]!;
      expect(quantileOf(binsOf(values), quantile)).toBe(upperBoundOf(binOf(exact)));
    }),
  );
  expect(quantileOf(new Map(), 0.5)).toBeUndefined();
});
