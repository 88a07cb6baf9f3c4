import { jest } from '@jest/globals';
import { withinStopTime } from './stop.deadline.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each([1000, 5000, 60_000])(
  'in a stop of %d ms, what answers when its time for work is over has a while to do so before connections are cut',
  async (stopMs) => {
    const steps: [step: string, at: number][] = [];
    const began = Date.now();
    const note = (step: string) => void steps.push([step, Date.now() - began]);
    const stop = (workMs: number) =>
      new Promise<void>((resolve) => {
        setTimeout(() => {
          note('answer');
          resolve();
        }, workMs);
      });
    const stopping = withinStopTime(stopMs, { stop, cut: () => note('cut'), giveUp: () => note('given up') });
    await jest.advanceTimersByTimeAsync(stopMs);
    await stopping;
    expect(steps).toEqual([['answer', stopMs * 0.8]]);
  },
);

test('a stop that does not end is cut, then given up, in its whole time', async () => {
  const steps: string[] = [];
  const never = () => new Promise<void>(() => undefined);
  const stopping = withinStopTime(1000, {
    stop: never,
    cut: () => steps.push('cut'),
    giveUp: () => steps.push('given up'),
  });
  await jest.advanceTimersByTimeAsync(899);
  expect(steps).toEqual([]);
  await jest.advanceTimersByTimeAsync(101);
  await stopping;
  expect([steps, jest.getTimerCount()]).toEqual([['cut', 'given up'], 0]);
});
