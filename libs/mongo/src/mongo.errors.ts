/** Thrown when MongoDB did not do what was asked and may do it later: away, no primary, time-out, write concern unmet. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'store_unavailable';
  /** When to try again, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}
