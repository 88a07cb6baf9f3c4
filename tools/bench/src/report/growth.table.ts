import { TITLE_OF_IDS, type GrowthPoint, type GrowthSeries } from '../growth/growth.point.ts';
import { GROWTH_CALLS } from '../load/load.job.ts';
import { RATE_ROWS } from './growth.rows.ts';
import { markdownOf, numberText } from './report.table.ts';

/** Bytes of a message in a part of the store, at each size. */
const bytesRow = (points: GrowthPoint[], title: string, bytesOf: (point: GrowthPoint) => number): string[] => [
  `${title}, bytes for a message`,
  ...points.map((point) => numberText(bytesOf(point) / point.sizes.messages)),
];

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

/** A row for each rate, with its ratio to that at the first size, then rows of processor time and bytes. */
export const growthTableOf = ({ ids, points }: GrowthSeries): string => {
  const rates = RATE_ROWS.map(({ title, unit, rateOf }) => {
    const first = rateOf(points[0]!);
    const cells = points.map((point, index) => {
      const rate = rateOf(point);
      return index === 0 ? numberText(rate) : `${numberText(rate)} (${(rate / first).toFixed(2)})`;
    });
    return [`${title}, ${unit}`, ...cells];
  });
  const cpu = (['mongodCpu', 'ingestCpu'] as const).map((name) => [
    `${name === 'mongodCpu' ? 'mongod' : 'ingest'}, CPU-s for 1,000 stored`,
    ...points.map(({ drain }) => drain[name].toFixed(4)),
  ]);
  const costs = GROWTH_CALLS.map((call) => [
    `${call}: mongod, CPU-s for 1,000; pages read for one`,
    ...points.map(({ calls }) => `${calls[call].cost.mongodCpu.toFixed(3)}; ${calls[call].cost.pagesRead.toFixed(1)}`),
  ]);
  const indexes = Object.keys(points[0]!.sizes.indexes);
  const bytes = [
    bytesRow(points, 'data', ({ sizes }) => sizes.data),
    ...indexes.map((name) => bytesRow(points, `index ${name}`, ({ sizes }) => sizes.indexes[name]!)),
    bytesRow(points, 'activity of users', ({ sizes }) => sizes.activity),
    bytesRow(points, 'all of it', ({ sizes }) => sizes.data + sizes.activity + sum(Object.values(sizes.indexes))),
  ];
  const head = [TITLE_OF_IDS[ids], ...points.map(({ stored }) => `${stored.toLocaleString('en')} stored`)];
  return markdownOf([head, ...rates, ...cpu, ...costs, ...bytes]);
};
