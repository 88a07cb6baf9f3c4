import { jest } from '@jest/globals';
import { hedged } from './hedge.ts';

const POLICY = { type: 'hedge', starts: 3, everyMs: 500 } as const;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const hedge = () => {
  const works: PromiseWithResolvers<string>[] = [];
  const late: string[] = [];
  const work = () => {
    const next = Promise.withResolvers<string>();
    works.push(next);
    return next.promise;
  };
  const outcome = hedged(POLICY, work, (result) => void late.push(result)).catch((error: unknown) => error);
  return { works, late, outcome };
};
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('work that settles in time is started once', async () => {
  const { works, outcome } = hedge();
  works[0]?.resolve('one');
  expect(await outcome).toBe('one');
  await pass(2000);
  expect(works).toHaveLength(1);
});

test('while nothing settles, work is started again, at most as often as the policy says; the first result wins and the others are discarded', async () => {
  const { works, late, outcome } = hedge();
  await pass(499);
  expect(works).toHaveLength(1);
  await pass(5000);
  expect(works).toHaveLength(3);
  works[1]?.resolve('two');
  expect(await outcome).toBe('two');
  works[0]?.resolve('one');
  works[2]?.reject(new Error('too late'));
  await pass(0);
  expect(late).toEqual(['one']);
});

test('a failure is the outcome only when everything that was started has failed', async () => {
  const { works, outcome } = hedge();
  await pass(500);
  works[0]?.reject(new Error('first'));
  await pass(0);
  works[1]?.reject(new Error('second'));
  expect(await outcome).toEqual(new Error('second'));
  await pass(2000);
  expect(works).toHaveLength(2);
});
