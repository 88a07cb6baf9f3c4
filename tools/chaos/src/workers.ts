import type { OwnSystem } from '@wiber/harness';

/**
 * The times of the lease in a run, in milliseconds: half of the default, so that a pause and a cut of a few seconds last longer
 * than a lease, and still far above what a busy machine needs for a renewal.
 */
export const LEASE_TIMES = { ttlMs: 2000, renewMs: 1300, retryMs: 400 } as const;

/** A time of the lease in milliseconds. */
export interface LeaseTimes {
  ttlMs: number;
  renewMs: number;
  retryMs: number;
}

/** The environment of the workers for these times. */
export const leaseEnvironment = ({ ttlMs, renewMs, retryMs }: LeaseTimes): Record<string, string> => ({
  METRICS_LEASE_TTL_MS: String(ttlMs),
  METRICS_LEASE_RENEW_MS: String(renewMs),
  METRICS_LEASE_RETRY_MS: String(retryMs),
});

/** The URL of each metrics worker, by its instance. */
export const workersOf = ({ run }: OwnSystem): Map<string, string> =>
  new Map(run.apps.filter(({ name }) => name === 'metrics').map(({ instance, url }) => [instance, url]));
