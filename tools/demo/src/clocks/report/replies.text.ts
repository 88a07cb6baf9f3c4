import type { RepliesResult } from '../replies.run.ts';
import { orderLine } from './clocks.text.ts';

/** So many findings are told; all are in the file. */
const TOLD = 10;

/** The judgement of many conversations as lines for the terminal. */
export const repliesLines = ({ replies, conversations, seconds, orders, findings }: RepliesResult): string[] => [
  `${replies.toLocaleString('en')} replies in ${conversations} conversations within ${seconds.toFixed(1)} s, each sent after a read of what it answers`,
  ...orders.map(orderLine),
  ...findings.slice(0, TOLD).map((finding) => `broken: ${finding}`),
  ...(findings.length > TOLD ? [`and ${(findings.length - TOLD).toLocaleString('en')} more`] : []),
];
