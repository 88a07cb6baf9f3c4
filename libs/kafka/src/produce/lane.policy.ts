import type { BackoffPolicy, BreakerPolicy } from '@wiber/resilience';

export interface LanePolicy {
  type: 'group-commit';
  /** Records that may wait in a lane; the next one is refused. */
  maxQueued: number;
  /**
   * Bytes that may wait in a lane, counted as the most that its records can take in a batch; the next record is refused,
   * except by an empty queue.
   */
  maxQueuedBytes: number;
  /** Records in one produce request. */
  maxBatch: number;
  /**
   * Bytes in one produce request. Well below the broker's max.message.bytes: it refuses a larger batch at every
   * attempt.
   */
  maxBatchBytes: number;
  /** After this time without an answer, a batch opens the lane's breaker, in milliseconds. */
  stallMs: number;
  /** The longest time that a caller waits, in milliseconds. */
  deadlineMs: number;
  /** The shortest time before a failed batch is sent again; an open breaker may make it longer. */
  backoff: BackoffPolicy;
  /**
   * Refuses new records until a failed batch is acknowledged. One failure opens it, because no record may overtake the
   * batch.
   */
  breaker: BreakerPolicy & { failures: 1 };
}

export const DEFAULT_LANE_POLICY: LanePolicy = {
  type: 'group-commit',
  maxQueued: 5000,
  maxQueuedBytes: 8 * 1024 * 1024,
  maxBatch: 1000,
  maxBatchBytes: 768 * 1024,
  stallMs: 2000,
  deadlineMs: 5000,
  backoff: { type: 'exponential-full-jitter', baseMs: 100, capMs: 2000 },
  breaker: { type: 'breaker', failures: 1, resetMs: 250 },
};
