import type { LeaseFence } from '@wiber/resilience';
import type { Lead } from './leader.task.ts';

/** Times that MongoDB's clock is never at. */
const FAR_MS = 8e15;

/** The fence of a lease that does not end, whatever MongoDB's clock shows. */
export const openFence = (term = 1): LeaseFence => {
  return { term, renewedAtMs: 0, beginByMs: FAR_MS, expiresAtMs: FAR_MS + 10_000 };
};

export const leadOf = (isValid = () => true, term = 1): Lead => {
  const signal = new AbortController().signal;
  return { term, signal, fence: openFence(term), outranked: () => undefined, isValid };
};
