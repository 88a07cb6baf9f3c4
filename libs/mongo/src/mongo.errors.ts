/** Thrown when MongoDB did not do what was asked and may do it later: away, no primary, time-out, write concern unmet. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'store_unavailable';
}
