import { ASSUMED, type Assumption } from '../model/assumption.ts';
import type { CapacityPlan } from '../model/capacity.plan.ts';
import type { MeasuredCosts, Measurement } from '../model/measured.costs.ts';
import { INPUTS, type InputName, type PlanInput } from '../model/plan.input.ts';
import { rowsOf, type Row } from './plan.rows.ts';
import { amountText } from './units.ts';

export interface Report {
  input: PlanInput;
  costs: MeasuredCosts;
  plan: CapacityPlan;
}

/** Every measurement of the costs, in one list. */
export const measurementsOf = (costs: MeasuredCosts): Measurement[] => {
  const walk = (value: object): Measurement[] =>
    'source' in value ? [value as Measurement] : Object.values(value).flatMap((one) => walk(one as object));
  return walk(costs);
};

export const assumptions = (): Assumption[] => Object.values(ASSUMED);

/** The plan for a person: what was asked, what is needed and why, what was measured, and what is assumed. */
export const planText = ({ input, costs, plan }: Report): string => {
  const asked = (Object.keys(INPUTS) as InputName[]).map((name) => `--${INPUTS[name].flag} ${input[name]}`);
  const rows = rowsOf(plan);
  const groups = [...new Set(rows.map(({ group }) => group))];
  return [
    `for ${asked.join(' ')}`,
    ...groups.map((group) => section(group, rows.filter((row) => row.group === group).map(rowText))),
    section('measured by the bench', measurementsOf(costs).map(factText)),
    section('assumed', assumptions().map(factText)),
    section('limits', plan.limits.length > 0 ? plan.limits.map((limit) => `  ${limit}`) : ['  none']),
  ].join('\n\n');
};

export const planJson = ({ input, costs, plan }: Report): string =>
  JSON.stringify({ input, plan, measured: measurementsOf(costs), assumed: assumptions() }, null, 2);

const section = (title: string, lines: readonly string[]): string => [title, ...lines].join('\n');

const rowText = ({ what, value, because }: Row): string =>
  `  ${what.padEnd(36)} ${value.padStart(12)}${because === undefined ? '' : `   ${because}`}`;

const factText = ({ name, value, unit, source }: Assumption): string =>
  `  ${name}: ${amountText(value)}${unit === '' ? '' : ` ${unit}`} (${source})`;
