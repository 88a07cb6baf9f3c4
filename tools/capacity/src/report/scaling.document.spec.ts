import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN_COSTS } from '../model/known.costs.double-spec.ts';
import { SCENARIOS } from '../model/scenarios.ts';
import { markdownOf, scenarioTables } from './scenario.tables.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'scaling.md'), 'utf8');

/** A table without the padding of its cells, which prettier adds. */
const plain = (markdown: string): string[] =>
  markdown
    .split('\n')
    .map((line) => line.replaceAll(/ *\| */g, '|').replaceAll(/-{3,}/g, '---'))
    .filter((line) => line !== '');

/** The measurements name their file, which differs with the folder that a spec reads it from. */
const costs = JSON.parse(
  JSON.stringify(KNOWN_COSTS, (key, value: unknown) => (key === 'source' ? 'tools/capacity/measured.json' : value)),
) as typeof KNOWN_COSTS;

test.each(scenarioTables(SCENARIOS, costs))(
  'docs/scaling.md has the table of $name as npm run capacity -- --scenarios prints it',
  (table) => {
    const text = markdownOf(table);
    const [begin, end] = [text.split('\n')[0]!, text.split('\n').at(-1)!];
    const [from, to] = [DOCUMENT.indexOf(begin), DOCUMENT.indexOf(end)];
    expect(from).toBeGreaterThanOrEqual(0);
    expect(plain(DOCUMENT.slice(from, to + end.length))).toEqual(plain(text));
  },
);
