import { isMet, type FigureResult, type Goal } from '../figures/figure.ts';

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 3);

const goalText = (goal: Goal): string =>
  `${number(goal.got)} ${goal.what} (${goal.type === 'at-least' ? '≥' : '≤'} ${number(goal.reach)}): ${isMet(goal) ? 'reached' : 'NOT reached'}`;

/** One row a figure, as a Markdown table. */
export const tableOf = (results: FigureResult[]): string => {
  const rows = results.map(({ title, unit, wiber, bare, ratio, goals }) => [
    title,
    `${number(wiber.median)} ${unit}`,
    bare ? `${number(bare.median)} ${unit}` : '',
    ratio ? number(ratio.median) : '',
    goals.map(goalText).join('; '),
  ]);
  const head = ['figure', 'Wiber', 'bare', 'Wiber / bare', 'to reach'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};
