/** Thrown when a message was certainly not sent: nothing of it reached a broker. Safe to retry. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly code: 'overloaded' | 'log_unavailable';
  /** When to try again, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: 'overloaded' | 'log_unavailable',
    detail: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown when a message was handed to a broker and no answer came in time. It may be, or yet become, durable. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
  readonly code = 'outcome_unknown';
}

/** Thrown when a broker refused a batch for its size: nothing of it was appended, and a smaller one may pass. */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError';
}
