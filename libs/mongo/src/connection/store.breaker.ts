import { mongo } from 'mongoose';
import {
  Breaker,
  BreakerOpenError,
  DeadlineError,
  monotonicNow,
  type BreakerPolicy,
  type BreakerState,
} from '@wiber/resilience';
import { withAnswerDeadline } from './answer.deadline.ts';
import { StoreUnavailableError } from './mongo.errors.ts';

/** Few failures, because each has waited for a server; a short pause, because an election may end at any moment. */
export const READ_BREAKER: BreakerPolicy = { type: 'breaker', failures: 3, resetMs: 500 };
export const WRITE_BREAKER: BreakerPolicy = { type: 'breaker', failures: 2, resetMs: 500 };

/** How long a probe may take, in milliseconds. */
const PROBE_MS = 1000;

/** Codes of a server that is leaving or is not the primary. Source: MongoDB specifications, SDAM, "Error handling". */
const LEAVING = new Set([6, 7, 89, 91, 133, 189, 9001, 10058, 10107, 11600, 11602, 13435, 13436]);
const NO_ANSWER = [
  DeadlineError,
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
];

export interface StoreBreakerOptions {
  name: string;
  policy: BreakerPolicy;
  /** A cheap call that succeeds only when MongoDB is back. */
  probe: () => Promise<unknown>;
  onChange?: ((state: BreakerState) => void) | undefined;
}

/** A circuit breaker in front of MongoDB. It probes by itself, so no caller waits to find out whether MongoDB is back. */
export class StoreBreaker {
  readonly breaker: Breaker;

  constructor({ name, policy, probe, onChange }: StoreBreakerOptions) {
    this.breaker = new Breaker(name, policy, {
      isFailure: isStoreAway,
      probe: () => withAnswerDeadline(probe(), PROBE_MS),
      now: monotonicNow,
      ...(onChange ? { onChange } : {}),
    });
  }

  /** Settles as `work` does. @throws StoreUnavailableError at once while the breaker is open */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.breaker.run(work);
    } catch (error) {
      if (!(error instanceof BreakerOpenError)) throw error;
      const { retryAfterMs } = error;
      const detail = `MongoDB did not answer the last calls; try again in ${Math.ceil(retryAfterMs / 1000)} s`;
      throw new StoreUnavailableError(detail, { cause: error, retryAfterMs });
    }
  }
}

/**
 * True when an error, or its cause, means that MongoDB is away. A server that answers is there, also when it stops a query
 * for its cost, refuses a document or waits in vain for a majority.
 */
export const isStoreAway = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = causeOf(cause)) {
    if (NO_ANSWER.some((kind) => cause instanceof kind)) return true;
    if (cause instanceof mongo.MongoServerError && LEAVING.has(Number(cause.code))) return true;
  }
  return false;
};

/** The driver puts a network error into a MongoBulkWriteError as if it were a server's answer. */
const causeOf = (error: Error): unknown =>
  error instanceof mongo.MongoServerError && error.errorResponse instanceof Error ? error.errorResponse : error.cause;
