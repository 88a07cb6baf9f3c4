import type { WiberLogger } from '@wiber/observability';
import type { MonotonicClock } from '@wiber/resilience';

/** How often the same failure of a task is logged again, in milliseconds. */
const AGAIN_MS = 10_000;

interface FailedRuns {
  count: number;
  message: string;
  saidAt: number;
}

/**
 * Logs failures of the leader's tasks. One that the next run mends, as at the start of a system or in a failover, is a warning.
 * From the second run in a row on it is an error: once, then every 10 s, and at once when the reason is another one.
 */
export class TaskFailureLog {
  private readonly logger: Pick<WiberLogger, 'info' | 'warn' | 'error'>;
  private readonly now: MonotonicClock;
  private readonly failed = new Map<string, FailedRuns>();

  constructor(logger: Pick<WiberLogger, 'info' | 'warn' | 'error'>, now: MonotonicClock) {
    this.logger = logger;
    this.now = now;
  }

  ranWell(task: string): void {
    const { count = 0 } = this.failed.get(task) ?? {};
    this.failed.delete(task);
    if (count > 1) this.logger.info({ task, failedRuns: count }, 'a task of the leader works again');
  }

  ranBadly(task: string, error: unknown): void {
    const before = this.failed.get(task);
    const count = (before?.count ?? 0) + 1;
    const message = error instanceof Error ? error.message : String(error);
    if (before && count > 2 && message === before.message && this.now() - before.saidAt < AGAIN_MS) {
      before.count = count;
      return;
    }
    this.failed.set(task, { count, message, saidAt: this.now() });
    const level = count === 1 ? 'warn' : 'error';
    this.logger[level]({ task, error, failedRuns: count }, 'a task of the leader failed; it runs again');
  }
}
