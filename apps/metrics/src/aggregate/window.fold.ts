import { SAMPLE_SIZE, WINDOW_SIZES, mergeFigures, startOf, type Span, type Stream } from '@wiber/contracts';
import type { WindowDelta, WindowKey } from '@wiber/mongo';
import type { Fact } from './record.facts.ts';
import { expiryOf, isCounted, type KeptMs } from './window.policy.ts';

/** What some records add to one window, and the records themselves: another writer may have counted a part of them. */
export interface FactDelta extends WindowDelta {
  facts: readonly Fact[];
}

/** Where records come from, and when they are counted. */
export interface FoldPlan {
  topic: string;
  stream: Stream;
  partition: number;
  /** Integer milliseconds: the earliest and the latest time that it may be now. */
  now: number;
  latest?: number;
  keptMs: KeptMs;
}

const SPANS: readonly Span[] = [...WINDOW_SIZES, 'total'];

/** Folds records of one partition, in the order of the log, into what they add to each window. */
export const fold = (facts: readonly Fact[], plan: FoldPlan): FactDelta[] =>
  SPANS.flatMap((span) =>
    [...byWindow(facts, span, plan)].map(([start, inWindow]) => {
      const { topic, stream, partition, keptMs } = plan;
      // The order of these fields is part of the key.
      const window: WindowKey = { topic, stream, span, start, partition };
      return deltaOf(window, inWindow, expiryOf(span, start, keptMs));
    }),
  );

/** What is left of a delta behind an offset; undefined when nothing is. */
export const beyond = ({ window, facts, expireAt }: FactDelta, upTo: number): FactDelta | undefined => {
  const left = facts.filter(({ offset }) => offset > upTo);
  return left.length > 0 ? deltaOf(window, left, expireAt) : undefined;
};

const byWindow = (facts: readonly Fact[], span: Span, plan: FoldPlan): Map<number, Fact[]> => {
  const windows = new Map<number, Fact[]>();
  for (const fact of facts) {
    if (!isCounted(span, fact.at, plan)) continue;
    const start = startOf(span, fact.at);
    const present = windows.get(start);
    if (present) present.push(fact);
    else windows.set(start, [fact]);
  }
  return windows;
};

const deltaOf = (window: WindowKey, facts: readonly Fact[], expireAt: Date | undefined): FactDelta => ({
  window,
  first: facts[0]!.offset,
  last: facts.at(-1)!.offset,
  figures: mergeFigures(facts, SAMPLE_SIZE[window.span]),
  expireAt,
  facts,
});
