/** The store's breaker makes a try cheap while MongoDB is away, and a longer pause would outlast the outage. */
export const RETRY_POLICY = {
  type: 'retry',
  backoff: { type: 'exponential-full-jitter', baseMs: 100, capMs: 2000 },
  maxFailures: 3,
} as const;
