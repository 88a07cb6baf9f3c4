import type { LeaseRecord } from '@wiber/resilience';
import type { WiberLogger } from '@wiber/observability';

/**
 * Says that the worker that leads has another ttl than this one. No two lead at once then, because each waits for the longer of
 * both; but takeovers take as long as that.
 */
export class LeaseTimesLog {
  private readonly logger: Pick<WiberLogger, 'warn'>;
  private readonly ttlMs: number;
  private saidOf: number | undefined;

  constructor(logger: Pick<WiberLogger, 'warn'>, ttlMs: number) {
    this.logger = logger;
    this.ttlMs = ttlMs;
  }

  /** Once for each other ttl that is seen. @param record what a call about the lease was answered */
  saw(record: LeaseRecord | undefined): void {
    const other = record?.ttlMs;
    if (other === undefined || other === this.saidOf) return;
    this.saidOf = other;
    if (other === this.ttlMs) return;
    this.logger.warn(
      { term: record?.term, ttlMs: other, ownTtlMs: this.ttlMs },
      'the metrics worker that leads has another METRICS_LEASE_TTL_MS than this one; give all workers the same ' +
        'METRICS_LEASE_… settings',
    );
  }
}
