/** How long to wait between attempts. Data, so that it can be a setting. */
export interface BackoffPolicy {
  type: 'exponential-full-jitter';
  /** The longest first wait, in milliseconds. */
  baseMs: number;
  /** The longest wait of all, in milliseconds. */
  capMs: number;
}

/**
 * Full jitter: a random wait between 0 and min(cap, base * 2^attempt), in whole milliseconds.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @param attempt 0 for the wait after the first failure
 * @param random uniform in [0, 1)
 */
export const backoffMs = (policy: BackoffPolicy, attempt: number, random: () => number): number =>
  Math.floor(random() * Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt, 30)));
