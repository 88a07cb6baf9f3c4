import { jest } from '@jest/globals';
import { DeadlineError, withDeadline } from './deadline.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('a call that does not answer in time is rejected with the name of the dependency', async () => {
  const call = withDeadline(new Promise(() => {}), 5, 'the store').catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(5);
  expect(await call).toBeInstanceOf(DeadlineError);
  expect(await call).toMatchObject({ message: 'the store did not answer within 5 ms' });
});

test('a call that settles in time keeps its result or its error', async () => {
  await expect(withDeadline(Promise.resolve(7), 1000, 'the store')).resolves.toBe(7);
  await expect(withDeadline(Promise.reject(new Error('no')), 1000, 'the store')).rejects.toThrow('no');
});

test('a call that settles leaves no timer behind', async () => {
  await withDeadline(Promise.resolve(7), 1000, 'the store');
  expect(jest.getTimerCount()).toBe(0);
});
