import type { ClocksRun } from '../clocks.run.ts';
import { tallyOf, type OrderTally, type Sort } from '../truth/order.verdict.ts';
import { signedSeconds } from './signed.seconds.ts';
import { WRONG } from './order.table.ts';

const number = (value: number): string => value.toLocaleString('en');

const PROMISE: Record<Sort, string> = {
  timestamp: 'wall clocks promise nothing of causes',
  lamport: 'an effect has a larger number than its cause',
  log: 'an effect is appended after its cause',
};

export type OrderWord = 'WRONG' | 'right by luck' | 'right';

export const orderWord = ({ inversions, ties }: Pick<OrderTally, 'inversions' | 'ties'>): OrderWord => {
  if (inversions > 0) return 'WRONG';
  return ties > 0 ? 'right by luck' : 'right';
};

/** One line about an order. */
export const orderLine = (order: OrderTally): string => {
  const { sort, pairs, inversions, answers, invertedAnswers, ties } = order;
  return (
    `${`${sort}:`.padEnd(11)}${orderWord(order)}: ${number(inversions)} of ${number(pairs)} pairs have the effect before its ` +
    `cause, ${number(invertedAnswers)} of ${number(answers)} answers are before what they answer` +
    `${ties > 0 ? `, ${number(ties)} pairs have one number` : ''}; ${PROMISE[sort]}`
  );
};

/** The judgement as lines for the terminal. */
export const clocksLines = ({ verdict, offsets }: ClocksRun): string[] => [
  `clocks, by the broker's: ${[...offsets].map(([name, seconds]) => `${name} ${signedSeconds(seconds, 2)}`).join(', ')}`,
  `checked: ${number(verdict.causal)} pairs of cause and effect, by what each had read and sent; ` +
    `${number(verdict.concurrent)} pairs are concurrent, and no order of them is wrong`,
  ...verdict.orders.map((order) => orderLine(tallyOf(order))),
  `${WRONG} is behind a message that stands before one that its sender knew`,
  ...verdict.findings.map((finding) => `broken: ${finding}`),
];

export const clocksVerdictLine = ({ held, findings }: { held: boolean; findings: readonly string[] }): string =>
  held
    ? 'HELD: by lamport and by log no effect stands before its cause, whatever the clocks say'
    : `NOT HELD: ${number(findings.length)} findings`;
