import type { SystemCounts } from '@wiber/harness';

/** One broker and one mongod: causes and clocks need no more. */
export const COUNTS: Required<SystemCounts> = { brokers: 1, mongod: 1, gateway: 2, ingest: 1, metrics: 1 };

/** Alice uses the one that is ahead, Bob the one that is behind. */
export const AHEAD = 'gateway-1';
export const BEHIND = 'gateway-2';

export interface ClocksPlan {
  /** By how many seconds the two gateways differ: one is ahead by half of it, one behind by the other half. */
  skewS: number;
  seed: number;
  messages: number;
}

/** By how many seconds the clock of each gateway is wrong. */
export const offsetsOf = (skewS: number): Record<string, number> => {
  const ahead = Math.ceil(skewS / 2);
  return { [AHEAD]: ahead, [BEHIND]: ahead === skewS ? 0 : ahead - skewS };
};

/** The same for the stack, which takes no clock that is right. */
export const wrongClocksOf = (skewS: number): Record<string, number> =>
  Object.fromEntries(Object.entries(offsetsOf(skewS)).filter(([, seconds]) => seconds !== 0));
