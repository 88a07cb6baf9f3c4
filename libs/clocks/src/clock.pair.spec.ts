import { ClockPair, wallMinusMonotonic } from './clock.pair.ts';

/** A monotonic clock that goes on by `stepMs` each time it is read, and a wall clock of whole milliseconds ahead of it. */
const clocksOf = (stepMs: number, aheadMs: number) => {
  let now = 5.25;
  return {
    monotonicNow: () => (now += stepMs),
    wallNow: () => Math.floor(now + aheadMs),
    set: (ms: number) => (aheadMs = ms),
    skip: (ms: number) => (now += ms),
  };
};

test('the wall clock is known to a fraction of the millisecond that it shows', () => {
  expect(wallMinusMonotonic(clocksOf(0.01, 1_000_000.7))).toBeCloseTo(1_000_000.7, 1);
  expect(wallMinusMonotonic(clocksOf(0.01, -3.4))).toBeCloseTo(-3.4, 1);
});

test('a process that loses the processor at each read is off by no more than the time it lost', () => {
  expect(Math.abs(wallMinusMonotonic(clocksOf(0.7, 1000.2)) - 1000.2)).toBeLessThan(0.71);
  expect(Math.abs(wallMinusMonotonic(clocksOf(500, 1000.2)) - 1000.2)).toBeLessThan(501);
});

test('a wall clock that stands still keeps the process busy for 2 ms and no longer', () => {
  let now = 0;
  wallMinusMonotonic({ wallNow: () => 7, monotonicNow: () => (now += 0.1) });
  expect(now).toBeLessThan(2.5);
});

test('a wall clock that is set between two measurements is followed at once', () => {
  const clocks = clocksOf(0.01, 1000.2);
  const pair = new ClockPair(clocks);
  clocks.skip(60_000.3);
  expect(pair.difference).toBeCloseTo(1000.2, 1);
  clocks.set(1000.2 - 3_600_000);
  expect(Math.abs(pair.difference - (1000.2 - 3_600_000))).toBeLessThanOrEqual(0.51);
  pair.measure();
  expect(pair.difference).toBeCloseTo(1000.2 - 3_600_000, 1);
});
