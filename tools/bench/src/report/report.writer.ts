import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FigureResult } from '../figures/figure.ts';
import { growthPlotOf } from './growth.plot.ts';
import { growthTableOf } from './growth.table.ts';
import { machineOf } from './machine.ts';
import { plotOf } from './report.plot.ts';
import { tableOf } from './report.table.ts';

const growthOf = (results: FigureResult[]) => results.flatMap(({ growth }) => growth ?? []);

/** Markdown: a table of all figures, and one for each store that was grown. */
export const reportOf = (results: FigureResult[]): string =>
  [tableOf(results), ...growthOf(results).map(growthTableOf)].join('\n\n');

/** Writes results.json, results.md and results.svg; and growth.svg when a store was grown. */
export const writeResults = (out: string, results: FigureResult[]): void => {
  mkdirSync(out, { recursive: true });
  const all = { at: new Date().toISOString(), machine: machineOf(), results };
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(join(out, 'results.md'), `${reportOf(results)}\n`);
  writeFileSync(join(out, 'results.svg'), plotOf(results));
  const growth = growthOf(results);
  if (growth.length > 0) writeFileSync(join(out, 'growth.svg'), growthPlotOf(growth));
};
