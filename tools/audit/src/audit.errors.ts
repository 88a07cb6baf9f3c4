/** Thrown when no audit is possible: a wrong call, no running system, names of another system, or a topic or target that cannot be used. Exit code 2. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: 'usage' | 'nothing_runs' | 'names_differ' | 'shard_key' | 'log_unusable' | 'target_refused';

  constructor(code: AuditError['code'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
