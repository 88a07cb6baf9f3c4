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

/** Thrown when a read asks for what MongoDB has not come to yet, or never will: the time is the caller's word. */
export class StoreBehindError extends Error {
  override readonly name = 'StoreBehindError';
  readonly code = 'store_behind';
}

/** Thrown when the replica set knows no such write concern. Trying again changes nothing. */
export class WriteConcernUnknownError extends Error {
  override readonly name = 'WriteConcernUnknownError';
  readonly retry = false;

  constructor(writeConcern: number | string, options: ErrorOptions) {
    super(
      `MONGO_WRITE_CONCERN is '${writeConcern}', which this replica set can't meet; set majority, at most its number of ` +
        'members that hold data, or a name of its settings.getLastErrorModes',
      options,
    );
  }
}
