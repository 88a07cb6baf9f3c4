import { jest } from '@jest/globals';
import fc from 'fast-check';
import { PassedPositions, waitBoundsOf, type WaitOptions, type WaitResult } from './passed.positions.ts';

const EVERY_MS = 4;

interface Read {
  answer: (committed: Record<number, number>) => void;
  fail: () => void;
}

/** Positions whose reads the test answers. The pause between two reads is EVERY_MS; after `quietReads` quiet ones 40 ms. */
const positionsWith = ({ waitsMax = 100, quietReads = Infinity } = {}) => {
  const reads: Read[] = [];
  const positions = new PassedPositions({
    read: () =>
      new Promise((resolve, reject) => {
        reads.push({
          answer: (committed) => resolve(new Map(Object.entries(committed).map(([key, next]) => [Number(key), next]))),
          fail: () => reject(new Error('no coordinator')),
        });
      }),
    policy: { type: 'reads', everyMs: EVERY_MS, quietReads, quietMs: EVERY_MS * 10 },
    bounds: waitBoundsOf(waitsMax),
  });
  const read = async (nth: number): Promise<Read> => {
    await pass(0);
    expect(reads).toHaveLength(nth);
    return reads[nth - 1] as Read;
  };
  const wait = (partition: number, offset: number, options: Partial<WaitOptions> | number = {}) =>
    positions.waitFor({ partition, offset }, typeof options === 'number' ? { ms: options } : { ms: 1000, ...options });
  return { positions, reads, read, wait };
};

/** The result of a wait, or 'waiting'. */
const watch = (wait: Promise<WaitResult>) => {
  const seen: { result: WaitResult | 'waiting' } = { result: 'waiting' };
  void wait.then((result) => (seen.result = result));
  return seen;
};

/** Time passes only here; promises settle meanwhile. */
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('a position is passed when the committed offset, which is the next one to read, is greater', async () => {
  const { wait, read } = positionsWith();
  const seen = watch(wait(1, 5, 1000));
  (await read(1)).answer({ 0: 100, 1: 5 });
  await pass(EVERY_MS);
  expect(seen.result).toBe('waiting');
  (await read(2)).answer({ 0: 100, 1: 6 });
  await pass(0);
  expect(seen.result).toBe('passed');
});

test('while the group has committed nothing in a partition, its first record is not passed', async () => {
  const { wait, read } = positionsWith();
  const seen = watch(wait(0, 0, 1000));
  (await read(1)).answer({});
  await pass(EVERY_MS);
  expect(seen.result).toBe('waiting');
  (await read(2)).answer({ 0: 1 });
  await pass(0);
  expect(seen.result).toBe('passed');
});

test('a position without an offset is answered as pending at once, without a read', async () => {
  const { wait, reads } = positionsWith();
  expect(await wait(0, -1, 1000)).toBe('pending');
  expect(reads).toHaveLength(0);
});

test('what an earlier read told is not believed later: a topic that is made anew has no committed offsets', async () => {
  const { wait, read, reads } = positionsWith();
  const first = wait(0, 9);
  (await read(1)).answer({ 0: 10 });
  expect(await first).toBe('passed');
  const second = watch(wait(0, 3, EVERY_MS));
  (await read(2)).answer({});
  await pass(EVERY_MS);
  expect(second.result).toBe('pending');
  expect(reads).toHaveLength(2);
});

test('a read that began before a caller came says nothing about its record', async () => {
  const { wait, read } = positionsWith();
  const first = watch(wait(0, 2));
  const before = await read(1);
  const second = watch(wait(0, 2));
  before.answer({ 0: 10 });
  await pass(EVERY_MS);
  expect([first.result, second.result]).toEqual(['passed', 'waiting']);
  (await read(2)).answer({ 0: 10 });
  await pass(0);
  expect(second.result).toBe('passed');
});

test('a wait of 0 ms asks Kafka once, and ends with the answer', async () => {
  const { wait, read, reads } = positionsWith();
  const waits = [watch(wait(0, 2, 0)), watch(wait(0, 3, 0))];
  (await read(1)).answer({ 0: 3 });
  await pass(EVERY_MS);
  expect(waits.map(({ result }) => result)).toEqual(['passed', 'pending']);
  expect(reads).toHaveLength(1);
});

test('of more callers than may wait, the next one is told so at once, and one place more is free for each that ends', async () => {
  const { positions, wait, read, reads } = positionsWith({ waitsMax: 4 });
  const waits = [0, 1, 2, 3].map((partition) => watch(wait(partition, 0)));
  expect(await wait(4, 0)).toBe('busy');
  (await read(1)).answer({ 2: 1 });
  await pass(0);
  expect(waits.map(({ result }) => result)).toEqual(['waiting', 'waiting', 'passed', 'waiting']);
  waits.push(watch(wait(4, 0)));
  expect(positions.waiting).toBe(4);
  await pass(EVERY_MS);
  (await read(2)).answer({ 0: 1, 1: 1, 3: 1, 4: 1 });
  await pass(0);
  expect(positions.waiting).toBe(0);
  expect(reads).toHaveLength(2);
});

test('a partition that stands still takes no more than a quarter of all waits', async () => {
  const { wait, read } = positionsWith({ waitsMax: 8 });
  const still = [watch(wait(0, 7)), watch(wait(0, 8))];
  const other = watch(wait(1, 0));
  expect(await wait(0, 9)).toBe('busy');
  (await read(1)).answer({ 0: 9, 1: 1 });
  await pass(0);
  expect([...still, other].map(({ result }) => result)).toEqual(['passed', 'passed', 'passed']);
});

test('the wait of a caller that goes away ends, and leaves nothing behind', async () => {
  const { positions, wait, read } = positionsWith();
  let goAway: () => void = () => undefined;
  let isWatched = false;
  const whenGone = (gone: () => void) => {
    goAway = gone;
    isWatched = true;
    return () => (isWatched = false);
  };
  const gone = watch(wait(0, 5, { whenGone }));
  const other = watch(wait(0, 5));
  const answer = await read(1);
  goAway();
  await pass(0);
  expect([gone.result, other.result, positions.waiting, isWatched]).toEqual(['pending', 'waiting', 1, false]);
  answer.answer({ 0: 6 });
  await pass(0);
  expect([gone.result, other.result, positions.waiting]).toEqual(['pending', 'passed', 0]);
});

test('a close ends every wait, and no new one begins', async () => {
  const { positions, wait, read } = positionsWith();
  const waits = [watch(wait(0, 5)), watch(wait(1, 5))];
  const answer = await read(1);
  waits.push(watch(wait(0, 6)));
  positions.close();
  await pass(0);
  expect(waits.map(({ result }) => result)).toEqual(['pending', 'pending', 'pending']);
  expect(await wait(0, 0)).toBe('busy');
  answer.answer({});
  await pass(0);
});

test('while nothing changes Kafka is asked less often, and again at once for a new caller', async () => {
  const { wait, read, reads } = positionsWith({ quietReads: 2 });
  const first = watch(wait(0, 0));
  for (const nth of [1, 2, 3]) {
    (await read(nth)).answer({});
    await pass(EVERY_MS);
  }
  // The first read served a new caller, so the second and the third are the two quiet ones.
  expect(reads).toHaveLength(3);
  await pass(EVERY_MS);
  const second = watch(wait(0, 1));
  await pass(EVERY_MS);
  (await read(4)).answer({ 0: 2 });
  await pass(0);
  expect([first.result, second.result]).toEqual(['passed', 'passed']);
});

test('one read settles 20,000 callers, and leaves the one whose record is not passed', async () => {
  const waits = 20_000;
  const { positions, wait, read } = positionsWith({ waitsMax: waits * 5 });
  // Offsets from above to below, which is the worst order for a heap, and one that nobody reaches.
  const seen = Array.from({ length: waits }, (_, index) => watch(wait(0, waits - index)));
  const last = watch(wait(0, waits + 1));
  (await read(1)).answer({ 0: waits + 1 });
  await pass(0);
  expect(seen.filter(({ result }) => result !== 'passed')).toHaveLength(0);
  expect([last.result, positions.waiting]).toEqual(['waiting', 1]);
  await pass(1000);
  expect(last.result).toBe('pending');
});

test('one read serves every waiter', async () => {
  const { wait, read } = positionsWith();
  const waits = [0, 1, 2].map((partition) => watch(wait(partition, 4, 1000)));
  (await read(1)).answer({ 0: 5, 1: 4, 2: 5 });
  await pass(EVERY_MS);
  expect(waits.map(({ result }) => result)).toEqual(['passed', 'waiting', 'passed']);
  (await read(2)).answer({ 0: 5, 1: 5, 2: 5 });
  await pass(0);
  expect(waits.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed']);
});

test('offsets are read only while a caller waits, and again for a later caller', async () => {
  const { wait, read, reads } = positionsWith();
  expect(reads).toHaveLength(0);
  const first = wait(0, 0, 1000);
  (await read(1)).answer({ 0: 1 });
  expect(await first).toBe('passed');
  await pass(EVERY_MS * 100);
  const second = watch(wait(0, 1, 1000));
  (await read(2)).answer({ 0: 2 });
  await pass(0);
  expect(second.result).toBe('passed');
});

test('a read starts only when the last one is answered', async () => {
  const { wait, read, reads } = positionsWith();
  const first = watch(wait(0, 0));
  await pass(EVERY_MS * 10);
  const second = watch(wait(0, 1));
  await pass(EVERY_MS * 10);
  expect(reads).toHaveLength(1);
  (await read(1)).answer({ 0: 2 });
  await pass(EVERY_MS);
  (await read(2)).answer({ 0: 2 });
  await pass(0);
  expect([first.result, second.result]).toEqual(['passed', 'passed']);
});

test('a wait whose time is over is answered as pending, and the others continue', async () => {
  const { wait, read } = positionsWith();
  const short = watch(wait(0, 0, EVERY_MS));
  const long = watch(wait(0, 0, 1000));
  (await read(1)).answer({});
  await pass(EVERY_MS);
  (await read(2)).answer({});
  await pass(EVERY_MS);
  expect([short.result, long.result]).toEqual(['pending', 'waiting']);
  (await read(3)).answer({ 0: 1 });
  await pass(0);
  expect(long.result).toBe('passed');
});

test('a failed read is repeated after a longer pause, and a waiter only loses time', async () => {
  const { wait, read, reads } = positionsWith();
  const seen = watch(wait(0, 0, 1000));
  (await read(1)).fail();
  await pass(99);
  expect(reads).toHaveLength(1);
  await pass(1);
  expect(seen.result).toBe('waiting');
  (await read(2)).answer({ 0: 1 });
  await pass(0);
  expect(seen.result).toBe('passed');
});

test('while every read fails, a waiter is answered as pending when its time is over', async () => {
  const { wait, read, reads } = positionsWith();
  const seen = watch(wait(0, 0, 250));
  for (const nth of [1, 2, 3]) {
    expect(seen.result).toBe('waiting');
    (await read(nth)).fail();
    await pass(nth === 3 ? 50 : 100);
  }
  expect(seen.result).toBe('pending');
  await pass(50);
  expect(reads).toHaveLength(3);
});

test('for any sequence of commits, a wait ends as passed exactly if its record was passed in time', async () => {
  const position = fc.record({ partition: fc.nat(2), offset: fc.nat(8) });
  const advance = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
  await fc.assert(
    fc.asyncProperty(
      fc.array(position, { minLength: 1 }),
      fc.array(advance, { maxLength: 8 }),
      async (wanted, steps) => {
        const { positions, reads } = positionsWith();
        const waits = wanted.map((one) => watch(positions.waitFor(one, { ms: EVERY_MS * Math.max(steps.length, 1) })));
        await pass(0);
        const committed = [0, 0, 0];
        for (const step of [...steps, [0, 0, 0]]) {
          step.forEach((by, partition) => (committed[partition] = (committed[partition] ?? 0) + by));
          reads.at(-1)?.answer({ ...committed });
          await pass(EVERY_MS);
        }
        expect(waits.map(({ result }) => result)).toEqual(
          wanted.map(({ partition, offset }) => ((committed[partition] ?? 0) > offset ? 'passed' : 'pending')),
        );
      },
    ),
  );
});

test('a waiter is answered when its time is over, even if Kafka never answers', async () => {
  const { wait, read } = positionsWith();
  const seen = watch(wait(0, 3, 5));
  const never = await read(1);
  await pass(4);
  expect(seen.result).toBe('waiting');
  await pass(1);
  expect(seen.result).toBe('pending');
  never.answer({});
  await pass(0);
});
