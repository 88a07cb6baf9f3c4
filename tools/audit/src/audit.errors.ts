/** Thrown when nothing can be said of the system: a wrong call, nothing that runs, or a server that does not answer. Exit code 2. */
export class CannotTellError extends Error {
  override readonly name = 'CannotTellError';
  readonly code: 'usage' | 'nothing_runs' | 'log_unusable' | 'store_unusable' | 'target_refused';

  constructor(code: CannotTellError['code'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
