import type { LeaseFence } from '@wiber/resilience';

/** Times that MongoDB's clock is never at. */
const FAR_MS = 8e15;

/** The fence of a lease that does not end, whatever MongoDB's clock shows: only the terms of documents count. */
export const openFence = (term = 1): LeaseFence => {
  return { term, renewedAtMs: 0, beginByMs: FAR_MS, expiresAtMs: FAR_MS + 10_000 };
};
