import type { SystemCounts } from '@wiber/harness';

/** How large the cluster of a demonstration is, what is sent to it, and how long it is watched. */
export interface FailoverPlan {
  counts: Required<SystemCounts>;
  /** Messages a second of all clients together, and clients. */
  stream: { ratePerS: number; clients: number };
  /**
   * Milliseconds for which the stream runs before the kill, goes on without the process after the takeover, and goes on after
   * all is whole again.
   */
  steadyMs: { before: number; down: number; after: number };
}

/** The counts are those of `npm run start:cluster`. */
export const FAILOVER_PLAN: FailoverPlan = {
  counts: { brokers: 3, mongod: 3, gateway: 2, ingest: 3, metrics: 3 },
  stream: { ratePerS: 200, clients: 16 },
  steadyMs: { before: 5000, down: 3000, after: 3000 },
};
