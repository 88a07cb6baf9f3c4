import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { HASH_BITS, countDistinct, sampleOf } from './distinct.sample.ts';

const SIZE = 8;
const hash = fc.integer({ min: 0, max: 60 });

test('the sample of parts, cut and merged in any order and with repeats, is that of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.array(hash)), (parts) => {
      const whole = sampleOf([parts.flat()], SIZE);
      const cut = parts.toReversed().map((part) => sampleOf([part, part], SIZE));
      expect(sampleOf([...cut, whole], SIZE)).toEqual(whole);
    }),
  );
});

test.each([0, 1, 8, 64, 1024, 5000])('of many hashes the %d smallest are kept, in order and each once', (size) => {
  // Each hash comes twice, in parts of several lengths, the smallest ones last.
  const distinct = Array.from({ length: 20_000 }, (_, index) => 60_000 - 3 * index);
  const parts = [distinct.slice(0, 7), [], distinct, distinct.toReversed().slice(9000), [5, 5]];
  const sorted = [...new Set(parts.flat())].sort((a, b) => a - b);
  expect(sampleOf(parts, size)).toEqual(sorted.slice(0, size));
});

test('fewer names than the sample holds are counted exactly; more are estimated', () => {
  fc.assert(
    fc.property(fc.array(hash), (hashes) => {
      const distinct = new Set(hashes).size;
      const { count, isExact } = countDistinct(sampleOf([hashes], SIZE), SIZE);
      expect(isExact).toBe(distinct < SIZE);
      if (isExact) expect(count).toBe(distinct);
      else expect(count).toBeGreaterThanOrEqual(SIZE);
    }),
  );
});

test.each([1000, 30_000])('of %d names a sample of 1,024 counts within 10 %%', (names) => {
  const hashes = Array.from({ length: names }, (_, index) =>
    createHash('sha256')
      .update(`user-${index}`)
      .digest()
      .readUIntBE(0, HASH_BITS / 8),
  );
  const { count } = countDistinct(sampleOf([hashes], 1024), 1024);
  expect(Math.abs(count - names) / names).toBeLessThan(names < 1024 ? Number.EPSILON : 0.1);
});
