import * as fc from 'fast-check';
import { momentsOf, rangeOf, type ClockMove } from './clock.move.ts';

const HOUR_MS = 3_600_000;
const move = (change: Partial<ClockMove>): ClockMove => ({
  ...{ process: 'kafka-1', from: 10_000, to: 20_000, lowMs: HOUR_MS, highMs: HOUR_MS },
  ...change,
});

test('without a wrong clock a time was shown when it was, and a time that no moved clock can have shown too', () => {
  expect(rangeOf(15_000, [])).toEqual({ earliest: 15_000, latest: 15_000 });
  expect(momentsOf(15_000, [move({})])).toEqual([{ earliest: 15_000, latest: 15_000 }]);
});

test('a time of a clock that is an hour wrong is known to the millisecond', () => {
  expect(momentsOf(HOUR_MS + 12_345, [move({})])[1]).toEqual({ earliest: 12_345, latest: 12_345 });
  const behind = move({ lowMs: -HOUR_MS, highMs: -HOUR_MS });
  expect(rangeOf(12_345 - HOUR_MS, [behind])).toEqual({ earliest: 12_345 - HOUR_MS, latest: 12_345 });
});

test('a time before or after the run is that of a moved clock, and of no right one', () => {
  const run = { earliest: 0, latest: 60_000 };
  const exact = { earliest: 12_345, latest: 12_345 };
  expect(rangeOf(HOUR_MS + 12_345, [move({})], run)).toEqual(exact);
  expect(rangeOf(12_345 - HOUR_MS, [move({ lowMs: -HOUR_MS, highMs: -HOUR_MS })], run)).toEqual(exact);
  expect(rangeOf(70_000, [move({})], run)).toEqual({ earliest: 70_000, latest: 70_000 });
});

test('of a clock that drifts, and of one that jumps back and forth, the whole fault may be the time', () => {
  expect(rangeOf(15_000, [move({ lowMs: 0, highMs: 750 })])).toEqual({ earliest: 14_250, latest: 15_000 });
  const swing = move({ lowMs: -HOUR_MS, highMs: HOUR_MS });
  expect(rangeOf(15_000, [swing])).toEqual({ earliest: 10_000, latest: 20_000 });
});

test('whatever clocks are moved, and how often, the true time of what a clock showed is in the range', () => {
  const anyMove = fc
    .record({
      from: fc.nat(100_000),
      ms: fc.nat(30_000),
      one: fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
      other: fc.nat(5000),
    })
    .map(({ from, ms, one, other }) => move({ from, to: from + ms, lowMs: one, highMs: one + other }));
  fc.assert(
    fc.property(
      fc.array(anyMove, { minLength: 1, maxLength: 5 }),
      fc.nat(4),
      fc.float({ min: 0, max: 1, noNaN: true }),
      (moves, index, share) => {
        const { from, to, lowMs, highMs } = moves[index % moves.length]!;
        const at = Math.round(from + share * (to - from));
        const shown = at + Math.round(lowMs + share * (highMs - lowMs));
        const { earliest, latest } = rangeOf(shown, moves);
        expect(earliest).toBeLessThanOrEqual(at);
        expect(latest).toBeGreaterThanOrEqual(at);
      },
    ),
  );
});
