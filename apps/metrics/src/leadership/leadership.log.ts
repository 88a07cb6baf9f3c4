import type { WiberLogger } from '@wiber/observability';
import type { MonotonicClock } from '@wiber/resilience';

/** How often the same failure of the lease's store is logged again, in milliseconds. */
const AGAIN_MS = 30_000;

/** Logs that the store of the lease does not answer: once, then every 30 s, and once when it answers again. */
export class LeaseOutageLog {
  private readonly logger: WiberLogger;
  private readonly now: MonotonicClock;
  private saidAt: number | undefined;

  constructor(logger: WiberLogger, now: MonotonicClock) {
    this.logger = logger;
    this.now = now;
  }

  answered(): void {
    if (this.saidAt === undefined) return;
    this.saidAt = undefined;
    this.logger.info('the store of the lease answers again');
  }

  failed(call: string, error: unknown): void {
    if (this.saidAt !== undefined && this.now() - this.saidAt < AGAIN_MS) return;
    this.saidAt = this.now();
    this.logger.warn({ error, call }, 'the outcome of a call about the lease is unknown; nobody leads on it');
  }
}
