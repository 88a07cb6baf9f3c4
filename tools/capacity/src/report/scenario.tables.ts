import { ASSUMED } from '../model/assumption.ts';
import { capacityPlanOf } from '../model/capacity.plan.ts';
import type { MeasuredCosts } from '../model/measured.costs.ts';
import { INPUTS, type InputName } from '../model/plan.input.ts';
import type { Scenario } from '../model/scenarios.ts';
import { rowsOf } from './plan.rows.ts';
import { measurementsOf } from './plan.text.ts';
import { amountText } from './units.ts';

export interface NamedTable {
  name: 'inputs' | 'sizes' | 'measured' | 'assumed';
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** The tables of docs/scaling.md. */
export const scenarioTables = (scenarios: readonly Scenario[], costs: MeasuredCosts): NamedTable[] => {
  const names = scenarios.map(({ name }) => name);
  const plans = scenarios.map(({ input }) => rowsOf(capacityPlanOf(input, costs)));
  const inputs = (Object.keys(INPUTS) as InputName[]).map((name) => [
    `\`--${INPUTS[name].flag}\``,
    ...scenarios.map(({ input }) => amountText(input[name])),
  ]);
  const sizes = plans[0]!.map(({ what }, row) => [what, ...plans.map((rows) => rows[row]!.value)]);
  return [
    { name: 'inputs', columns: ['', ...names], rows: inputs },
    { name: 'sizes', columns: ['', ...names], rows: sizes },
    factTable('measured', measurementsOf(costs)),
    factTable('assumed', Object.values(ASSUMED)),
  ];
};

const factTable = (
  name: 'measured' | 'assumed',
  facts: readonly { name: string; value: number; unit: string; source: string }[],
): NamedTable => ({
  name,
  columns: ['what', 'value', 'source'],
  rows: facts.map(({ name: what, value, unit, source }) => [
    what,
    `${amountText(value)}${unit === '' ? '' : ` ${unit}`}`,
    source,
  ]),
});

const cells = (row: readonly string[]): string => `| ${row.join(' | ')} |`;

/** Markdown, between the marks that docs/scaling.md has around each table. */
export const markdownOf = ({ name, columns, rows }: NamedTable): string =>
  [
    `<!-- ${name}: made by npm run capacity -- --scenarios -->`,
    '',
    cells(columns),
    cells(columns.map(() => '---')),
    ...rows.map(cells),
    '',
    `<!-- end of ${name} -->`,
  ].join('\n');
