import { describe, expect, it } from '@jest/globals';
import { clockAt, type ChartData } from './chart.data.ts';

const HOUR_MS = 3_600_000;
/** Four looks, a second after each other; before the third one the clock was moved. */
const movedBy = (ms: number): ChartData => ({
  rows: [[100, 101, 102, 103]],
  clocks: [50_000, 51_000, 52_000 + ms, 53_000 + ms],
});

describe('the wall clock at a place of a chart', () => {
  it.each([HOUR_MS, -HOUR_MS])('is that of the nearest look, also after a jump of %d ms', (jump) => {
    const data = movedBy(jump);
    expect([100, 101.25, 101.75, 103].map((second) => clockAt(data, second))).toEqual([
      50_000,
      51_250,
      51_750 + jump,
      53_000 + jump,
    ]);
  });

  it('goes on before the first look and behind the last one', () => {
    const data = movedBy(0);
    expect([40, 163].map((second) => clockAt(data, second))).toEqual([-10_000, 113_000]);
  });

  it('is the second itself while there is no look', () => {
    expect(clockAt({ rows: [[]], clocks: [] }, 7)).toBe(7000);
  });
});
