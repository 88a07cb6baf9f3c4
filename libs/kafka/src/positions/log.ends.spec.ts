import { jest } from '@jest/globals';
import { LogEnds, type Existence } from './log.ends.ts';

/** Ends whose reads the test answers. */
const endsWith = () => {
  const reads: { answer: (ends: (number | undefined)[]) => void; fail: () => void }[] = [];
  const ends = new LogEnds(
    () =>
      new Promise((resolve, reject) => {
        reads.push({ answer: resolve, fail: () => reject(new Error('no leader')) });
      }),
    () => performance.now(),
  );
  const read = async (nth: number) => {
    await pass(0);
    expect(reads).toHaveLength(nth);
    return reads[nth - 1]!;
  };
  const ask = (partition: number, offset: number) => {
    const seen: { result: Existence | 'asking' } = { result: 'asking' };
    void ends.has({ partition, offset }).then((result) => (seen.result = result));
    return seen;
  };
  return { reads, read, ask };
};

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('a record before the end is present; an offset at the end, beyond it, or of no partition is absent', async () => {
  const { read, ask } = endsWith();
  const asked = [ask(0, 4), ask(0, 5), ask(0, 999_999_999), ask(1, 0), ask(2, 0), ask(4096, 0)];
  (await read(1)).answer([5, 0]);
  await pass(0);
  expect(asked.map(({ result }) => result)).toEqual(['present', 'absent', 'absent', 'absent', 'absent', 'absent']);
});

test('where no leader says its end, and while Kafka does not answer, it is unknown whether a record is there', async () => {
  const { read, ask } = endsWith();
  const leaderless = ask(1, 0);
  (await read(1)).answer([5, undefined]);
  await pass(10);
  expect(leaderless.result).toBe('unknown');
  const away = ask(0, 999);
  (await read(2)).fail();
  await pass(10);
  expect(away.result).toBe('unknown');
  const noTopic = ask(0, 0);
  (await read(3)).answer([]);
  await pass(10);
  expect(noTopic.result).toBe('unknown');
});

test('absent is said only by a read that began after the question: the record may be younger than the last read', async () => {
  const { read, ask } = endsWith();
  const first = ask(0, 5);
  const early = await read(1);
  const second = ask(0, 5);
  early.answer([5]);
  await pass(10);
  expect([first.result, second.result]).toEqual(['absent', 'asking']);
  (await read(2)).answer([6]);
  await pass(0);
  expect(second.result).toBe('present');
});

test('one read serves all who ask meanwhile, and at most one begins each 10 ms', async () => {
  const { reads, read, ask } = endsWith();
  ask(0, 10);
  (await read(1)).answer([5]);
  await pass(0);
  const many = Array.from({ length: 1000 }, (_, index) => ask(0, 10 + index));
  await pass(9);
  expect(reads).toHaveLength(1);
  await pass(1);
  (await read(2)).answer([510]);
  await pass(0);
  expect(many.filter(({ result }) => result === 'present')).toHaveLength(500);
  expect(many.filter(({ result }) => result === 'absent')).toHaveLength(500);
});

test('a record that was there a moment ago needs no read; after a second Kafka is asked again', async () => {
  const { reads, read, ask } = endsWith();
  ask(0, 4);
  (await read(1)).answer([5]);
  await pass(999);
  const known = ask(0, 3);
  await pass(0);
  expect([known.result, reads.length]).toEqual(['present', 1]);
  await pass(1);
  const again = ask(0, 3);
  // The topic was made anew.
  (await read(2)).answer([1]);
  await pass(0);
  expect(again.result).toBe('absent');
});
