/**
 * The closed list of error codes. `retry` says whether the same request may succeed later. After `outcome_unknown` only
 * a retry with the same Idempotency-Key is sure not to store the message twice.
 */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not valid', retry: false },
  malformed_json: { status: 400, title: 'The body is not JSON', retry: false },
  unauthorized: { status: 401, title: 'The request needs an operator token', retry: false },
  operator_closed: { status: 403, title: 'Operator calls are disabled', retry: false },
  not_found: { status: 404, title: 'No resource has this address', retry: false },
  message_not_found: { status: 404, title: 'No message has this id', retry: false },
  message_pending: { status: 404, title: 'The message is accepted but not stored yet', retry: true },
  message_dead_lettered: { status: 404, title: 'The message could not be stored and is a dead letter', retry: false },
  position_not_found: { status: 404, title: 'The log has no record at this position', retry: false },
  dead_letter_not_found: { status: 404, title: 'No dead letter has this id', retry: false },
  stats_pending: { status: 404, title: 'No metrics worker has counted yet', retry: true },
  console_not_built: { status: 404, title: 'This gateway has no console', retry: false },
  method_not_allowed: { status: 405, title: 'The resource does not support this method', retry: false },
  request_timeout: { status: 408, title: 'The request did not arrive completely in time', retry: true },
  idempotency_conflict: { status: 409, title: 'The Idempotency-Key was used for another message', retry: false },
  conversation_moved_on: { status: 409, title: 'The conversation has newer messages', retry: false },
  replay_conflict: { status: 409, title: 'The dead letter was replayed with another body', retry: false },
  dead_letter_replayed: { status: 409, title: 'The dead letter was replayed or is being replayed', retry: false },
  dead_letter_discarded: { status: 409, title: 'The dead letter was discarded', retry: false },
  mended_body_needed: { status: 409, title: 'The dead letter contains no valid message', retry: false },
  lamport_ahead: { status: 409, title: 'The Lamport time is too far ahead of this gateway', retry: false },
  causal_token_ahead: { status: 409, title: 'No store has given this Causal-Token', retry: false },
  body_too_large: { status: 413, title: 'The body is too large', retry: false },
  uri_too_long: { status: 414, title: 'The path is too long', retry: false },
  unsupported_media_type: { status: 415, title: 'The body must be application/json', retry: false },
  unsupported_encoding: { status: 415, title: 'The body must not be compressed', retry: false },
  expectation_failed: { status: 417, title: 'The server does not support this expectation', retry: false },
  headers_too_large: { status: 431, title: 'The headers are too large', retry: false },
  message_unreadable: { status: 500, title: 'The stored document is no message', retry: false },
  internal_error: { status: 500, title: 'The server failed', retry: true },
  overloaded: { status: 503, title: 'Too many messages are waiting to be sent', retry: true },
  server_busy: { status: 503, title: 'The server has too many connections or requests', retry: true },
  streams_busy: { status: 503, title: 'The instance has too many open streams', retry: true },
  shutting_down: { status: 503, title: 'The instance stops', retry: true },
  log_unavailable: { status: 503, title: 'Kafka does not answer; nothing of this request was sent', retry: true },
  outcome_unknown: { status: 503, title: 'Kafka did not answer in time; the message may have been sent', retry: true },
  reads_overloaded: { status: 503, title: 'Too many costly reads are waiting', retry: true },
  store_behind: { status: 503, title: 'MongoDB has not reached the time of the Causal-Token', retry: true },
  store_unavailable: { status: 503, title: 'MongoDB does not answer', retry: true },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** The largest number of fields that one problem names. */
export const FIELD_ERRORS_MAX = 20;

export interface FieldError {
  field: string;
  message: string;
}

/** An error body, RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  correlationId: string;
  errors?: FieldError[];
}

/** Thrown when a request is refused. The HTTP exception filter turns it into a Problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterS: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { errors?: FieldError[]; retryAfterS?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.retryAfterS = options.retryAfterS ?? (PROBLEMS[code].status === 503 ? 1 : undefined);
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  get retry(): boolean {
    return PROBLEMS[this.code].retry;
  }
}

export const problemOf = (error: ProblemError, correlationId: string): Problem => ({
  type: `urn:wiber:problem:${error.code}`,
  title: PROBLEMS[error.code].title,
  status: error.status,
  detail: error.message,
  code: error.code,
  correlationId,
  ...(error.errors ? { errors: error.errors } : {}),
});
