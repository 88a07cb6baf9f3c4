import { StartError, whole } from '@wiber/host';
import { LEASE_TTL_MAX_MS, LeasePolicyError, checkedLeasePolicy, type LeasePolicy } from '@wiber/resilience';

/** A look at another's lease waits longer by up to this share. client-go's 1.2 is meant for 2 s; this keeps takeovers short. */
const JITTER = 0.2;
/**
 * A busy machine delays a renewal by hundreds of milliseconds. With shorter times no lead lasts, and each writes a term that
 * stays in the history for days.
 */
const LEAST = { ttlMs: 1000, renewMs: 500, retryMs: 100 } as const;

export const LEASE_SETTINGS = {
  leaseTtlMs: whole('METRICS_LEASE_TTL_MS', {
    about: 'For how many milliseconds a metrics worker may lead from each renewal on; all workers must have the same.',
    from: LEAST.ttlMs,
    to: LEASE_TTL_MAX_MS,
    default: 4000,
  }),
  leaseRenewMs: whole('METRICS_LEASE_RENEW_MS', {
    about: 'After how many milliseconds without an acknowledged renewal the leader ends its work; less than the ttl.',
    from: LEAST.renewMs,
    to: LEASE_TTL_MAX_MS,
    default: 2500,
  }),
  leaseRetryMs: whole('METRICS_LEASE_RETRY_MS', {
    about: 'How many milliseconds lie between two renewals, and between two looks at the lease of another worker.',
    from: LEAST.retryMs,
    to: LEASE_TTL_MAX_MS,
    default: 800,
  }),
  leaseHistoryDays: whole('METRICS_LEASE_HISTORY_DAYS', {
    about: 'How many days an ended term stays in the history of leaders.',
    from: 1,
    to: 3650,
    default: 90,
  }),
};

interface LeaseTimes {
  leaseTtlMs: number;
  leaseRenewMs: number;
  leaseRetryMs: number;
}

/** @throws StartError with one line when the three times can't work together */
export const leasePolicyOf = ({ leaseTtlMs, leaseRenewMs, leaseRetryMs }: LeaseTimes): LeasePolicy => {
  try {
    return checkedLeasePolicy({
      type: 'lease',
      ttlMs: leaseTtlMs,
      renewMs: leaseRenewMs,
      retryMs: leaseRetryMs,
      jitter: JITTER,
    });
  } catch (error) {
    if (!(error instanceof LeasePolicyError)) throw error;
    const variables = 'METRICS_LEASE_TTL_MS, METRICS_LEASE_RENEW_MS and METRICS_LEASE_RETRY_MS';
    throw new StartError(`${variables} do not fit together: ${error.message}`, { cause: error });
  }
};
