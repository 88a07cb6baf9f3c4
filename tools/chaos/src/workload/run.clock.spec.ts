import { RunClock } from './run.clock.ts';

const clocks = { monotonicMs: 500, wallMs: 1_800_000_000_000 };
const pass = (ms: number, adjustedBy = 0): void => {
  clocks.monotonicMs += ms;
  clocks.wallMs += ms + adjustedBy;
};

test('a time of the wall clock is converted to milliseconds since the start, and the tolerance grows with an adjustment', () => {
  const clock = new RunClock({ monotonic: () => clocks.monotonicMs, wall: () => clocks.wallMs });
  expect(clock.now).toBe(0);
  pass(1000);
  expect(clock.fromWall(clocks.wallMs)).toBe(1000);
  expect(clock.now).toBe(1000);
  expect(clock.toleranceMs).toBe(2);
  pass(1000, -30);
  expect(clock.now).toBe(2000);
  expect(clock.fromWall(clocks.wallMs)).toBe(1970);
  expect(clock.toleranceMs).toBe(32);
});
