import { isMet, type FigureResult, type Goal } from '../figures/figure.ts';

/** A number with the digits that a reader needs. */
export const numberText = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 3);

const goalText = (goal: Goal): string =>
  `${numberText(goal.got)} ${goal.what} (${goal.type === 'at-least' ? '≥' : '≤'} ${numberText(goal.reach)}): ${isMet(goal) ? 'reached' : 'NOT reached'}`;

/** A Markdown table; the first row is its head. */
export const markdownOf = ([head = [], ...rows]: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** One row a figure, as a Markdown table. */
export const tableOf = (results: FigureResult[]): string => {
  const rows = results.map(({ title, unit, wiber, bare, ratio, goals }) => [
    title,
    `${numberText(wiber.median)} ${unit}`,
    bare ? `${numberText(bare.median)} ${unit}` : '',
    ratio ? numberText(ratio.median) : '',
    goals.map(goalText).join('; '),
  ]);
  return markdownOf([['figure', 'Wiber', 'bare', 'Wiber / bare', 'to reach'], ...rows]);
};
