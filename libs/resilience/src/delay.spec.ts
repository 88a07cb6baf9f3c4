import { jest } from '@jest/globals';
import { delay } from './delay.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Whether a promise has resolved yet. */
const watch = (promise: Promise<void>) => {
  const state = { isOver: false };
  void promise.then(() => (state.isOver = true));
  return state;
};

test('a delay ends after its time and not before', async () => {
  const wait = watch(delay(100));
  await jest.advanceTimersByTimeAsync(99);
  expect(wait.isOver).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(wait.isOver).toBe(true);
});

test('a stop ends a delay at once and leaves no timer behind', async () => {
  const stop = new AbortController();
  const wait = watch(delay(60_000, stop.signal));
  stop.abort();
  await jest.advanceTimersByTimeAsync(0);
  expect(wait.isOver).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});

test('after a stop no delay waits', async () => {
  const wait = watch(delay(60_000, AbortSignal.abort()));
  await jest.advanceTimersByTimeAsync(0);
  expect(wait.isOver).toBe(true);
});
