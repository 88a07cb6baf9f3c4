import { LeaseUnreadableError } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import type { MonotonicClock } from '@wiber/resilience';

/** How often the same failure of the lease's store is logged again, in milliseconds. */
const AGAIN_MS = 30_000;

/**
 * Logs that a call about the lease has no known outcome: once, then every 30 s, and once when it has again. A lease that a person
 * must mend is another failure than a store that is away, so it is logged at once.
 */
export class LeaseOutageLog {
  private readonly logger: WiberLogger;
  private readonly now: MonotonicClock;
  private saidAt: number | undefined;
  private isSaidUnreadable = false;

  constructor(logger: WiberLogger, now: MonotonicClock) {
    this.logger = logger;
    this.now = now;
  }

  answered(): void {
    if (this.saidAt === undefined) return;
    this.saidAt = undefined;
    this.isSaidUnreadable = false;
    this.logger.info('the store of the lease answers again');
  }

  failed(call: string, error: unknown): void {
    const isUnreadable = error instanceof LeaseUnreadableError;
    const isSaid = this.saidAt !== undefined && this.isSaidUnreadable === isUnreadable;
    if (isSaid && this.now() - this.saidAt! < AGAIN_MS) return;
    this.saidAt = this.now();
    this.isSaidUnreadable = isUnreadable;
    if (isUnreadable) this.logger.error({ call }, error.message);
    else this.logger.warn({ error, call }, 'the outcome of a call about the lease is unknown; nobody leads on it');
  }
}
