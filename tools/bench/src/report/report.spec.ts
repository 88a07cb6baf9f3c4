import fc from 'fast-check';
import type { FigureResult } from '../figures/figure.ts';
import { contentOf, sequenceOf } from '../load/load.content.ts';
import { plotOf } from './report.plot.ts';
import { tableOf } from './report.table.ts';
import { median, percentile, sorted, spreadOf } from '../statistics.ts';

const figure: FigureResult = {
  title: 'POST /messages',
  unit: 'messages/s',
  wiber: spreadOf([900, 800, 1000]),
  bare: spreadOf([1000, 1000, 1000]),
  ratio: spreadOf([0.9, 0.8, 1]),
  goals: [
    { what: 'of bare', got: 0.9, reach: 0.7, type: 'at-least' },
    { what: 'p99 ms', got: 61, reach: 60, type: 'at-most' },
  ],
};

test('at most half of the samples lie below the median, and a percentile is one of the samples', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (samples, share) => {
        const middle = median(samples);
        expect(samples.filter((one) => one < middle).length).toBeLessThanOrEqual(samples.length / 2);
        expect(samples.filter((one) => one > middle).length).toBeLessThanOrEqual(samples.length / 2);
        const value = percentile(sorted(samples), share);
        expect(samples).toContain(value);
        expect(samples.filter((one) => one <= value).length).toBeGreaterThanOrEqual(share * samples.length - 1e-9);
      },
    ),
  );
});

test('the table shows for each goal the value and whether it reaches the goal', () => {
  const table = tableOf([figure]);
  expect(table).toContain('| POST /messages | 900 messages/s | 1,000 messages/s | 0.900 |');
  expect(table).toContain('0.900 of bare (≥ 0.700): reached; 61.0 p99 ms (≤ 60.0): NOT reached');
});

test('the plot is an SVG that names only the figures with a baseline', () => {
  const svg = plotOf([figure, { title: 'npm start', unit: 's', wiber: spreadOf([7]), goals: [] }]);
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain('POST /messages');
  expect(svg).not.toContain('npm start');
});

test('the number of a post can be read from its content, which has the given length', () => {
  fc.assert(
    fc.property(fc.nat(), (sequence) => {
      const content = contentOf(sequence, 200);
      expect(content).toHaveLength(200);
      expect(sequenceOf(content)).toBe(sequence);
    }),
  );
});
