import type { Message } from '@wiber/contracts';
import type { Past } from './happened-before.ts';

export const SORTS = ['timestamp', 'lamport', 'log'] as const;
export type Sort = (typeof SORTS)[number];

/** A message that an order shows before one that happened before it. */
export interface Inversion {
  cause: string;
  effect: string;
}

/** What an order made of the truth. */
export interface OrderVerdict {
  sort: Sort;
  /** The checked pairs: of each, one message happened before the other. */
  pairs: number;
  inversions: readonly Inversion[];
  /** The pairs of an answer and a message that it answers. They are some of `pairs`. */
  answers: number;
  invertedAnswers: number;
  /** Pairs with the same number: only the two ids decided, so a right order is luck. */
  ties: number;
}

/** An order with the count of its inversions in place of their list. */
export type OrderTally = Omit<OrderVerdict, 'inversions'> & { inversions: number };

export const tallyOf = (order: OrderVerdict): OrderTally => ({ ...order, inversions: order.inversions.length });

/** The number that this order goes by; none for `log`, where each place is there once. */
const numberIn = (sort: Sort, message: Message): number | undefined => (sort === 'log' ? undefined : message[sort]);

/** Compares the order in which a page shows messages with what happened before what. Messages that are not shown are left out. */
export const judgeOrder = (sort: Sort, shown: readonly Message[], pasts: ReadonlyMap<string, Past>): OrderVerdict => {
  const places = new Map(shown.map((message, place) => [message.messageId, { message, place }]));
  const inversions: Inversion[] = [];
  const counts = { pairs: 0, answers: 0, invertedAnswers: 0, ties: 0 };
  for (const [effect, { causes, answered }] of pasts) {
    const shownEffect = places.get(effect);
    if (!shownEffect) continue;
    const number = numberIn(sort, shownEffect.message);
    const directly = new Set(answered);
    for (const cause of causes) {
      const shownCause = places.get(cause);
      if (!shownCause) continue;
      const isInverted = shownCause.place > shownEffect.place;
      counts.pairs += 1;
      if (isInverted) inversions.push({ cause, effect });
      if (number !== undefined && number === numberIn(sort, shownCause.message)) counts.ties += 1;
      if (!directly.has(cause)) continue;
      counts.answers += 1;
      if (isInverted) counts.invertedAnswers += 1;
    }
  }
  return { sort, ...counts, inversions };
};

/** What breaks a promise of an order, one sentence each. `timestamp` promises nothing of causes. */
export const brokenPromises = ({ sort, pairs, inversions, ties }: OrderVerdict): string[] => {
  if (sort === 'timestamp') return [];
  const of = `of ${pairs} pairs of cause and effect, by ${sort}`;
  return [
    ...(inversions.length > 0 ? [`${of}, ${inversions.length} show the effect before its cause`] : []),
    ...(ties > 0 ? [`${of}, ${ties} have the same number`] : []),
  ];
};
