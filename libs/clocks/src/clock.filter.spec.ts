import { ClockFilter } from './clock.filter.ts';

const reading = (atMs: number, roundTripMs: number, serverMinusMonotonicMs = 0) => ({
  atMs,
  roundTripMs,
  serverMinusMonotonicMs,
  rootDistanceMs: 2,
  stratum: 2,
});

const filled = (...readings: ReturnType<typeof reading>[]) => {
  const filter = new ClockFilter();
  for (const one of readings) filter.add(one);
  return filter;
};

test('nothing is known before the first reading', () => {
  expect(new ClockFilter().best(0)).toBeUndefined();
});

test('the reading with the shortest round trip counts: its ways can differ least', () => {
  const filter = filled(reading(0, 40, 15), reading(1000, 2, 1), reading(2000, 60, -20));
  expect(filter.best(2000)?.reading.serverMinusMonotonicMs).toBe(1);
});

test('the ninth reading ends the first, however short that was', () => {
  const filter = filled(reading(0, 1), ...Array.from({ length: 8 }, (_, place) => reading(1000 + place, 10 + place)));
  expect(filter.best(2000)?.reading.roundTripMs).toBe(10);
});

test('an old reading gets worse by 15 millionths of its age, so a later one that is nearly as short counts', () => {
  const filter = filled(reading(0, 1, 0), reading(600_000, 10, 4));
  // Half of 10 ms is less than half of 1 ms and 9 ms of drift.
  expect(filter.best(600_000)?.reading.serverMinusMonotonicMs).toBe(4);
});

test('the error is half the round trip, the drift and what the server says of itself', () => {
  expect(filled(reading(0, 10)).best(100_000)?.errorMs).toBeCloseTo(5 + 1.5 + 2, 6);
});

test('a reading that contradicts an earlier one ends it: the server was set, or this machine slept', () => {
  const filter = filled(reading(0, 1, 0), reading(64_000, 50, 3_600_000));
  expect(filter.best(64_000)?.reading.serverMinusMonotonicMs).toBe(3_600_000);
});
