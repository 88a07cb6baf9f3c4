/** The times of a lease, in milliseconds. Data, so that they can be settings. All contenders must have the same. */
export interface LeasePolicy {
  type: 'lease';
  /** How long a lease lasts from each renewal on. Nobody takes it from its holder before this time has passed. */
  ttlMs: number;
  /** How long a holder leads from a renewal on. It is less than the ttl: the holder ends before another may begin. */
  renewMs: number;
  /** From one renewal, or one look at another's lease, to the next. */
  retryMs: number;
  /** A look waits longer by a random part, at most this share of `retryMs`, so that contenders do not come together. */
  jitter: number;
}

/**
 * A contender that sees no renewal for this many ttls takes the lease, whatever the server's clock says. The part over 1
 * allows for monotonic clocks of different speeds. Source: the package comment of client-go's leaderelection, about skew rates.
 */
export const OBSERVED_TTLS = 1.25;

/** No lease lasts longer, in milliseconds. A longer time in a document is foreign: nobody waits for it. */
export const LEASE_TTL_MAX_MS = 3_600_000;

/** At least one renewal must fit, and one more after a failure. Source: JitterFactor of client-go's leaderelection. */
const RETRIES = 1.2;

/** Thrown when the times of a lease can't work together: with them two would lead, or nobody for long. */
export class LeasePolicyError extends Error {
  override readonly name = 'LeasePolicyError';
  readonly retry = false;
}

/**
 * Checks a policy; the rules are those of client-go's NewLeaderElector.
 * @returns the policy itself
 * @throws LeasePolicyError with one sentence that says what to change
 */
export const checkedLeasePolicy = (policy: LeasePolicy): LeasePolicy => {
  const { ttlMs, renewMs, retryMs, jitter } = policy;
  const refuse = (detail: string) => {
    throw new LeasePolicyError(
      `a lease with ttl ${ttlMs}, renew ${renewMs} and retry ${retryMs} ms can't work: ${detail}`,
    );
  };
  if (![ttlMs, renewMs, retryMs].every((ms) => Number.isSafeInteger(ms) && ms > 0))
    refuse('each time must be a whole number over 0');
  if (!(jitter >= 0 && jitter <= 1)) refuse(`the jitter, ${jitter}, must be from 0 to 1`);
  if (ttlMs > LEASE_TTL_MAX_MS) refuse(`the ttl must be at most ${LEASE_TTL_MAX_MS}`);
  if (ttlMs <= renewMs) refuse('the ttl must be longer than renew, or two would lead at once');
  const leastMs = Math.max(RETRIES, 1 + jitter) * retryMs;
  if (renewMs <= leastMs) refuse(`renew must be longer than ${leastMs}, or one late renewal would end the lead`);
  return policy;
};

/** How long a call about the lease may take, in milliseconds, so that a second one fits into the time of a holder. */
export const callMsOf = ({ renewMs }: LeasePolicy): number => Math.ceil(renewMs / 2);
