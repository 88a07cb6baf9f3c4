import fc from 'fast-check';
import { bestOffsetOf, offsetOf } from './clock.exchange.ts';

const way = fc.double({ min: 0, max: 100_000, noNaN: true });

test('however long the way there and the way back take, the true offset is within the uncertainty', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -4e12, max: 4e12 }),
      way,
      way,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (...all) => {
        const [trueOffset, there, back, part] = all;
        const start = 1_790_000_000_000 + part;
        // Both wall clocks show whole milliseconds.
        const askedAt = Math.floor(start);
        const serverTime = Math.floor(start + there + trueOffset);
        const { offsetMs, uncertaintyMs } = offsetOf({ askedAt, serverTime, roundTripMs: there + back });
        expect(Math.abs(offsetMs - trueOffset)).toBeLessThanOrEqual(uncertaintyMs + 0.001);
      },
    ),
  );
});

test('of several exchanges that with the shortest round trip counts', () => {
  const exchange = (roundTripMs: number, serverTime: number) => ({ askedAt: 1000, serverTime, roundTripMs });
  expect(bestOffsetOf([exchange(80, 1500), exchange(4, 1012), exchange(9, 1400)])).toEqual({
    offsetMs: 10,
    uncertaintyMs: 3,
  });
  expect(bestOffsetOf([])).toBeUndefined();
});
