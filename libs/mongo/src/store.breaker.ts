import { mongo } from 'mongoose';
import {
  Breaker,
  BreakerOpenError,
  DeadlineError,
  monotonicNow,
  withDeadline,
  type BreakerPolicy,
  type BreakerState,
} from '@wiber/resilience';
import { StoreUnavailableError } from './mongo.errors.ts';

/** Few failures, since each has waited for a server; a short time, since an election ends at any moment. */
export const READ_BREAKER: BreakerPolicy = { type: 'breaker', failures: 3, resetMs: 500 };
export const WRITE_BREAKER: BreakerPolicy = { type: 'breaker', failures: 2, resetMs: 500 };

/** How long MongoDB may take to show that it is back, in milliseconds. */
const PROBE_MS = 1000;

/** A server that says one of these leaves, or is not the one to ask. Source: MongoDB specifications, SDAM, "Error handling". */
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
  /** A read or write that costs nothing, and shows whether MongoDB is back. */
  probe: () => Promise<unknown>;
  /** How long a call may go unanswered, in milliseconds, where the call does not say; without it, as long as it takes. */
  withinMs?: number;
  onChange?: (state: BreakerState) => void;
}

/** Keeps calls from a MongoDB that is away, and asks it by itself until it is back: none of a caller's waits for that. */
export class StoreBreaker {
  readonly breaker: Breaker;
  private readonly withinMs: number | undefined;

  constructor({ name, policy, probe, withinMs, onChange }: StoreBreakerOptions) {
    this.withinMs = withinMs;
    this.breaker = new Breaker(name, policy, {
      isFailure: isStoreAway,
      probe: () => withDeadline(probe(), PROBE_MS, 'MongoDB'),
      now: monotonicNow,
      ...(onChange ? { onChange } : {}),
    });
  }

  /**
   * Settles as `work` does, and after `withinMs` milliseconds at the latest: a server that hangs keeps its connections open
   * and says nothing.
   * @throws StoreUnavailableError at once while it is open
   */
  async run<T>(work: () => Promise<T>, withinMs = this.withinMs): Promise<T> {
    try {
      return await this.breaker.run(() =>
        withinMs === undefined ? work() : withDeadline(work(), withinMs, 'MongoDB'),
      );
    } catch (error) {
      if (error instanceof BreakerOpenError) {
        const { retryAfterMs } = error;
        const detail = `MongoDB did not answer the last calls; try again in ${Math.ceil(retryAfterMs / 1000)} s`;
        throw new StoreUnavailableError(detail, { cause: error, retryAfterMs });
      }
      if (error instanceof DeadlineError)
        throw new StoreUnavailableError(`${error.message}; try again`, { cause: error });
      throw error;
    }
  }
}

/**
 * Whether an error, or what caused it, says that MongoDB is away. One that answers is there, whatever it answers: a query
 * that it stops for its cost, a document that it refuses, a majority that does not follow in time.
 */
export const isStoreAway = (error: unknown): boolean => {
  for (let told = error; told instanceof Error; told = reasonOf(told)) {
    if (NO_ANSWER.some((kind) => told instanceof kind)) return true;
    if (told instanceof mongo.MongoServerError && LEAVING.has(Number(told.code))) return true;
  }
  return false;
};

/** The error of a bulk write that got no answer keeps the driver's own as if a server had answered it. */
const reasonOf = (error: Error): unknown =>
  error instanceof mongo.MongoServerError && error.errorResponse instanceof Error ? error.errorResponse : error.cause;
