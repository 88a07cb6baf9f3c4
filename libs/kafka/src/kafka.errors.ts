/** Thrown when a message was not sent: no broker received it. Safe to retry. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly code: 'overloaded' | 'log_unavailable';
  /** When to try again, in milliseconds from now; undefined when that is not known. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: 'overloaded' | 'log_unavailable',
    detail: string,
    options: { retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Thrown when a broker may have received a message and did not answer in time. The message may still become durable.
 */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
  readonly code = 'outcome_unknown';
  /** When to try again, in milliseconds from now; undefined when that is not known. */
  readonly retryAfterMs: number | undefined;

  constructor(detail: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown when a send ended without an acknowledgement for its partition. The batch may be appended or not: repeat it. */
export class UnacknowledgedError extends Error {
  override readonly name = 'UnacknowledgedError';
}

/** Thrown when a broker refused a batch for its size. It appended no record of it, and may accept a smaller batch. */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError';
}

/**
 * Thrown when a batch of the log can't be decoded: its codec is unknown, it is too large when decompressed, or its bytes are
 * no batch. Another try changes nothing, so a person must look at it.
 */
export class UnreadableBatchError extends Error {
  override readonly name = 'UnreadableBatchError';
}

/**
 * Thrown when a partition does not hold the offset that is to be read: retention deleted it, or the topic was made anew and
 * is shorter. Ask where the partition starts and ends.
 */
export class PositionGoneError extends Error {
  override readonly name = 'PositionGoneError';
  readonly partition: number;

  constructor(partition: number, options: { cause: unknown }) {
    super(`partition ${partition} does not hold the offset that is to be read`, options);
    this.partition = partition;
  }
}
