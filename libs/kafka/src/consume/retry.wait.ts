import { backoffMs, delay, type BackoffPolicy } from '@wiber/resilience';
import type { LogLine } from '../client/log.line.ts';
import type { BatchOutcome } from './batch.outcome.ts';
import type { ConsumedBatch } from './consumed.batch.ts';

export interface RetryPolicy {
  type: 'retry';
  backoff: BackoffPolicy;
  /** A record becomes a dead letter after the handler threw for it this often. `unavailable` does not count. */
  maxFailures: number;
}

/** Why a batch needs another attempt: what it needs is away, or the handler threw. */
export const RETRY_REASONS = ['unavailable', 'failed'] as const;
export type RetryReason = (typeof RETRY_REASONS)[number];

export interface RetryWaitOptions {
  consumed: ConsumedBatch;
  backoff: BackoffPolicy;
  /** Aborted when this process stops. */
  stop: AbortSignal;
  /** Called before each further attempt. */
  onRetry?: ((why: RetryReason) => void) | undefined;
  log: LogLine;
}

/** The waits between the attempts of one batch. */
export class RetryWait {
  private readonly options: RetryWaitOptions;
  private readonly first = Promise.withResolvers<void>();

  constructor(options: RetryWaitOptions) {
    this.options = options;
  }

  /** Resolves when the batch needs a second attempt. */
  get firstFailure(): Promise<void> {
    return this.first.promise;
  }

  /** Rejects while the group rebalances. @param attempt counted from 1 */
  async waitAfter(attempt: number, { type, cause }: Exclude<BatchOutcome, { type: 'done' }>): Promise<void> {
    const { consumed, backoff, stop, onRetry, log } = this.options;
    this.first.resolve();
    onRetry?.(type);
    const { topic, partition, records } = consumed.batch;
    const place = { topic, partition, offset: records[0]?.offset };
    const text = type === 'failed' ? 'the handler of a batch failed' : 'a batch cannot be handled now';
    log(type === 'failed' ? 'error' : 'warn', `${text}; retrying`, { ...place, attempt, error: cause });
    await delay(backoffMs(backoff, attempt - 1, Math.random), stop);
    await consumed.heartbeat();
  }
}
