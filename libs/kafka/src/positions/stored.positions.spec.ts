import { jest } from '@jest/globals';
import fc from 'fast-check';
import { StoredPositions } from './stored.positions.ts';

const EVERY_MS = 4;

interface Read {
  answer: (committed: Record<number, number>) => void;
  fail: () => void;
}

/** Positions whose reads the test answers. */
const positionsWith = () => {
  const reads: Read[] = [];
  const positions = new StoredPositions(
    () =>
      new Promise((resolve, reject) => {
        reads.push({
          answer: (committed) => resolve(new Map(Object.entries(committed).map(([key, next]) => [Number(key), next]))),
          fail: () => reject(new Error('no coordinator')),
        });
      }),
    EVERY_MS,
  );
  const read = (nth: number): Read => {
    expect(reads).toHaveLength(nth);
    return reads[nth - 1] as Read;
  };
  return { positions, reads, read };
};

/** The result of a wait, or 'waiting'. */
const watch = (wait: Promise<boolean>) => {
  const seen: { result: boolean | 'waiting' } = { result: 'waiting' };
  void wait.then((stored) => (seen.result = stored));
  return seen;
};

/** Time passes only here; promises settle meanwhile. */
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('a position is stored when the committed offset, which is the next one to read, is greater', async () => {
  const { positions, read } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 1, offset: 5 }, 1000));
  read(1).answer({ 0: 100, 1: 5 });
  await pass(EVERY_MS);
  expect(wait.result).toBe('waiting');
  read(2).answer({ 0: 100, 1: 6 });
  await pass(0);
  expect(wait.result).toBe(true);
});

test('while the group has committed nothing in a partition, its first record is not stored', async () => {
  const { positions, read } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  read(1).answer({});
  await pass(EVERY_MS);
  expect(wait.result).toBe('waiting');
  read(2).answer({ 0: 1 });
  await pass(0);
  expect(wait.result).toBe(true);
});

test('a position without an offset is answered with false at once, without a read', async () => {
  const { positions, reads } = positionsWith();
  expect(await positions.waitFor({ partition: 0, offset: -1 }, 1000)).toBe(false);
  expect(reads).toHaveLength(0);
});

test('a position that an earlier read has passed is answered at once, without another read', async () => {
  const { positions, read, reads } = positionsWith();
  const first = positions.waitFor({ partition: 0, offset: 9 }, 1000);
  read(1).answer({ 0: 10 });
  expect(await first).toBe(true);
  expect(await positions.waitFor({ partition: 0, offset: 3 }, 1000)).toBe(true);
  expect(reads).toHaveLength(1);
});

test('one read serves every waiter', async () => {
  const { positions, read } = positionsWith();
  const waits = [0, 1, 2].map((partition) => watch(positions.waitFor({ partition, offset: 4 }, 1000)));
  read(1).answer({ 0: 5, 1: 4, 2: 5 });
  await pass(EVERY_MS);
  expect(waits.map(({ result }) => result)).toEqual([true, 'waiting', true]);
  read(2).answer({ 0: 5, 1: 5, 2: 5 });
  await pass(0);
  expect(waits.map(({ result }) => result)).toEqual([true, true, true]);
});

test('offsets are read only while a caller waits, and again for a later caller', async () => {
  const { positions, read, reads } = positionsWith();
  expect(reads).toHaveLength(0);
  const first = positions.waitFor({ partition: 0, offset: 0 }, 1000);
  read(1).answer({ 0: 1 });
  expect(await first).toBe(true);
  await pass(EVERY_MS * 100);
  const second = watch(positions.waitFor({ partition: 0, offset: 1 }, 1000));
  read(2).answer({ 0: 2 });
  await pass(0);
  expect(second.result).toBe(true);
});

test('a read starts only when the last one is answered', async () => {
  const { positions, read, reads } = positionsWith();
  const first = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  await pass(EVERY_MS * 10);
  const second = watch(positions.waitFor({ partition: 0, offset: 1 }, 1000));
  await pass(EVERY_MS * 10);
  expect(reads).toHaveLength(1);
  read(1).answer({ 0: 2 });
  await pass(0);
  expect([first.result, second.result]).toEqual([true, true]);
});

test('a wait whose time is over is answered with false, and the others continue', async () => {
  const { positions, read } = positionsWith();
  const short = watch(positions.waitFor({ partition: 0, offset: 0 }, EVERY_MS));
  const long = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  read(1).answer({});
  await pass(EVERY_MS);
  read(2).answer({});
  await pass(EVERY_MS);
  expect([short.result, long.result]).toEqual([false, 'waiting']);
  read(3).answer({ 0: 1 });
  await pass(0);
  expect(long.result).toBe(true);
});

test('a failed read is repeated after a longer pause, and a waiter only loses time', async () => {
  const { positions, read, reads } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  read(1).fail();
  await pass(99);
  expect(reads).toHaveLength(1);
  await pass(1);
  expect(wait.result).toBe('waiting');
  read(2).answer({ 0: 1 });
  await pass(0);
  expect(wait.result).toBe(true);
});

test('while every read fails, a waiter is answered with false when its time is over', async () => {
  const { positions, read, reads } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 0, offset: 0 }, 250));
  for (const nth of [1, 2, 3]) {
    expect(wait.result).toBe('waiting');
    read(nth).fail();
    await pass(nth === 3 ? 50 : 100);
  }
  expect(wait.result).toBe(false);
  await pass(50);
  expect(reads).toHaveLength(3);
});

test('for any sequence of commits, a wait ends with true exactly if its record was passed in time', async () => {
  const position = fc.record({ partition: fc.nat(2), offset: fc.nat(8) });
  const advance = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
  await fc.assert(
    fc.asyncProperty(
      fc.array(position, { minLength: 1 }),
      fc.array(advance, { maxLength: 8 }),
      async (wanted, steps) => {
        const { positions, reads } = positionsWith();
        const waits = wanted.map((one) => watch(positions.waitFor(one, EVERY_MS * steps.length)));
        const committed = [0, 0, 0];
        for (const step of [...steps, [0, 0, 0]]) {
          step.forEach((by, partition) => (committed[partition] = (committed[partition] ?? 0) + by));
          reads.at(-1)?.answer({ ...committed });
          await pass(EVERY_MS);
        }
        expect(waits.map(({ result }) => result)).toEqual(
          wanted.map(({ partition, offset }) => (committed[partition] ?? 0) > offset),
        );
      },
    ),
  );
});

test('a waiter is answered when its time is over, even if Kafka never answers', async () => {
  const positions = new StoredPositions(() => new Promise(() => undefined));
  const wait = watch(positions.waitFor({ partition: 0, offset: 3 }, 5));
  await pass(4);
  expect(wait.result).toBe('waiting');
  await pass(1);
  expect(wait.result).toBe(false);
});
