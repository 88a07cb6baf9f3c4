import { sendsOf, type Act } from '../talk/act.ts';
import { pairCounts, pastsOf, type Past } from './happened-before.ts';
import { SORTS, brokenPromises, judgeOrder, type OrderVerdict } from './order.verdict.ts';
import { pageFindings, type ShownOrder } from './page.findings.ts';

export interface ClocksVerdict {
  pasts: ReadonlyMap<string, Past>;
  causal: number;
  /** Pairs of which neither happened before the other: no order of them is wrong. */
  concurrent: number;
  orders: readonly OrderVerdict[];
  /** What breaks a promise, one sentence each. */
  findings: readonly string[];
  held: boolean;
}

/** @param orders each sort by each gateway */
export const judgeClocks = (acts: readonly Act[], orders: readonly ShownOrder[]): ClocksVerdict => {
  const pasts = pastsOf(acts);
  const verdicts = SORTS.map((sort) => {
    const { shown = [] } = orders.find((order) => order.sort === sort) ?? {};
    return judgeOrder(sort, shown, pasts);
  });
  const findings = [...pageFindings(orders, sendsOf(acts)), ...verdicts.flatMap(brokenPromises)];
  return { pasts, ...pairCounts(pasts), orders: verdicts, findings, held: findings.length === 0 };
};
