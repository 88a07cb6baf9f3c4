import { jest } from '@jest/globals';
import fc from 'fast-check';
import { StoredPositions } from './stored.positions.ts';

const EVERY_MS = 4;

interface Question {
  answer: (committed: Record<number, number>) => void;
  fail: () => void;
}

/** Positions over a read that answers only when the test says so. */
const positionsWith = () => {
  const questions: Question[] = [];
  const positions = new StoredPositions(
    () =>
      new Promise((resolve, reject) => {
        questions.push({
          answer: (committed) => resolve(new Map(Object.entries(committed).map(([key, next]) => [Number(key), next]))),
          fail: () => reject(new Error('no coordinator')),
        });
      }),
    EVERY_MS,
  );
  const question = (nth: number): Question => {
    expect(questions).toHaveLength(nth);
    return questions[nth - 1] as Question;
  };
  return { positions, questions, question };
};

/** What a wait came to, or 'waiting'. */
const watch = (wait: Promise<boolean>) => {
  const seen: { result: boolean | 'waiting' } = { result: 'waiting' };
  void wait.then((stored) => (seen.result = stored));
  return seen;
};

/** Time is the test's: it passes only here, and promises settle on the way. */
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('a position is stored once the committed offset, which is the next one, is past it', async () => {
  const { positions, question } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 1, offset: 5 }, 1000));
  question(1).answer({ 0: 100, 1: 5 });
  await pass(EVERY_MS);
  expect(wait.result).toBe('waiting');
  question(2).answer({ 0: 100, 1: 6 });
  await pass(0);
  expect(wait.result).toBe(true);
});

test('the first record of a partition is not stored while the group has committed nothing there', async () => {
  const { positions, question } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  question(1).answer({});
  await pass(EVERY_MS);
  expect(wait.result).toBe('waiting');
  question(2).answer({ 0: 1 });
  await pass(0);
  expect(wait.result).toBe(true);
});

test('a position without an offset is answered false at once, and nobody is asked', async () => {
  const { positions, questions } = positionsWith();
  expect(await positions.waitFor({ partition: 0, offset: -1 }, 1000)).toBe(false);
  expect(questions).toHaveLength(0);
});

test('what is already known to be stored is answered at once, and nobody is asked again', async () => {
  const { positions, question, questions } = positionsWith();
  const first = positions.waitFor({ partition: 0, offset: 9 }, 1000);
  question(1).answer({ 0: 10 });
  expect(await first).toBe(true);
  expect(await positions.waitFor({ partition: 0, offset: 3 }, 1000)).toBe(true);
  expect(questions).toHaveLength(1);
});

test('one question serves every waiter', async () => {
  const { positions, question } = positionsWith();
  const waits = [0, 1, 2].map((partition) => watch(positions.waitFor({ partition, offset: 4 }, 1000)));
  question(1).answer({ 0: 5, 1: 4, 2: 5 });
  await pass(EVERY_MS);
  expect(waits.map(({ result }) => result)).toEqual([true, 'waiting', true]);
  question(2).answer({ 0: 5, 1: 5, 2: 5 });
  await pass(0);
  expect(waits.map(({ result }) => result)).toEqual([true, true, true]);
});

test('it is asked only while somebody waits, and again for who comes later', async () => {
  const { positions, question, questions } = positionsWith();
  expect(questions).toHaveLength(0);
  const first = positions.waitFor({ partition: 0, offset: 0 }, 1000);
  question(1).answer({ 0: 1 });
  expect(await first).toBe(true);
  await pass(EVERY_MS * 100);
  const second = watch(positions.waitFor({ partition: 0, offset: 1 }, 1000));
  question(2).answer({ 0: 2 });
  await pass(0);
  expect(second.result).toBe(true);
});

test('a question is asked only once the one before is answered', async () => {
  const { positions, question, questions } = positionsWith();
  const first = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  await pass(EVERY_MS * 10);
  const second = watch(positions.waitFor({ partition: 0, offset: 1 }, 1000));
  await pass(EVERY_MS * 10);
  expect(questions).toHaveLength(1);
  question(1).answer({ 0: 2 });
  await pass(0);
  expect([first.result, second.result]).toEqual([true, true]);
});

test('a wait whose time is up is answered false, and the others go on', async () => {
  const { positions, question } = positionsWith();
  const short = watch(positions.waitFor({ partition: 0, offset: 0 }, EVERY_MS));
  const long = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  question(1).answer({});
  await pass(EVERY_MS);
  question(2).answer({});
  await pass(EVERY_MS);
  expect([short.result, long.result]).toEqual([false, 'waiting']);
  question(3).answer({ 0: 1 });
  await pass(0);
  expect(long.result).toBe(true);
});

test('a question that fails is asked again, less often, and a waiter only loses time', async () => {
  const { positions, question, questions } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 0, offset: 0 }, 1000));
  question(1).fail();
  await pass(99);
  expect(questions).toHaveLength(1);
  await pass(1);
  expect(wait.result).toBe('waiting');
  question(2).answer({ 0: 1 });
  await pass(0);
  expect(wait.result).toBe(true);
});

test('a waiter is answered false in the end while every question fails', async () => {
  const { positions, question, questions } = positionsWith();
  const wait = watch(positions.waitFor({ partition: 0, offset: 0 }, 250));
  for (const nth of [1, 2, 3]) {
    expect(wait.result).toBe('waiting');
    question(nth).fail();
    await pass(nth === 3 ? 50 : 100);
  }
  expect(wait.result).toBe(false);
  await pass(50);
  expect(questions).toHaveLength(3);
});

test('whatever is committed in whatever steps, a waiter is told true exactly if its record was passed in time', async () => {
  const position = fc.record({ partition: fc.nat(2), offset: fc.nat(8) });
  const advance = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
  await fc.assert(
    fc.asyncProperty(
      fc.array(position, { minLength: 1 }),
      fc.array(advance, { maxLength: 8 }),
      async (wanted, steps) => {
        const { positions, questions } = positionsWith();
        const waits = wanted.map((one) => watch(positions.waitFor(one, EVERY_MS * steps.length)));
        const committed = [0, 0, 0];
        for (const step of [...steps, [0, 0, 0]]) {
          step.forEach((by, partition) => (committed[partition] = (committed[partition] ?? 0) + by));
          questions.at(-1)?.answer({ ...committed });
          await pass(EVERY_MS);
        }
        expect(waits.map(({ result }) => result)).toEqual(
          wanted.map(({ partition, offset }) => (committed[partition] ?? 0) > offset),
        );
      },
    ),
  );
});

test('a waiter is answered when its time is over although Kafka never answers', async () => {
  const positions = new StoredPositions(() => new Promise(() => undefined));
  const wait = watch(positions.waitFor({ partition: 0, offset: 3 }, 5));
  await pass(4);
  expect(wait.result).toBe('waiting');
  await pass(1);
  expect(wait.result).toBe(false);
});
