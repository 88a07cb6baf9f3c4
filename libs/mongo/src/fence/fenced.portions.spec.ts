import fc from 'fast-check';
import { WriteOutOfTimeError } from '../connection/mongo.errors.ts';
import { FencedPortions } from './fenced.portions.ts';

const itemsOf = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A store that has time for so many items at once. `tried` has the sizes of all portions. */
const storeFor = (limit: () => number) => {
  const written: number[] = [];
  const tried: number[] = [];
  const write = async (portion: readonly number[]) => {
    tried.push(portion.length);
    if (portion.length > limit()) throw new WriteOutOfTimeError(375);
    written.push(...portion);
  };
  return { written, tried, write };
};

test('what MongoDB can do in time is written in portions of the largest size', async () => {
  const { write, tried } = storeFor(() => Infinity);
  await new FencedPortions(500).write(itemsOf(1200), write);
  expect(tried).toEqual([500, 500, 200]);
});

test('a portion that MongoDB has no time for is halved, and the next ones begin with what it could do', async () => {
  const portions = new FencedPortions(64);
  const { write, tried } = storeFor(() => 20);
  await portions.write(itemsOf(64), write);
  expect(tried).toEqual([64, 32, 16, 20, 24, 12, 16]);
  expect(tried.filter((size) => size <= 20).reduce((sum, size) => sum + size)).toBe(64);
});

test('all items are written, each once and in order, however the time for a write changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 20 }),
      async (count, max, limits) => {
        let at = 0;
        const { write, written, tried } = storeFor(() => limits[at++ % limits.length]!);
        await new FencedPortions(max).write(itemsOf(count), write);
        expect(written).toEqual(itemsOf(count));
        expect(Math.max(0, ...tried)).toBeLessThanOrEqual(max);
      },
    ),
  );
});

test('an item for which MongoDB has no time alone ends the write with its error', async () => {
  const { write, tried } = storeFor(() => 0);
  await expect(new FencedPortions(4).write(itemsOf(4), write)).rejects.toThrow(WriteOutOfTimeError);
  expect(tried).toEqual([4, 2, 1]);
});

test('any other error ends the write at once', async () => {
  const write = async () => {
    throw new Error('no primary');
  };
  await expect(new FencedPortions(4).write(itemsOf(4), write)).rejects.toThrow('no primary');
});
