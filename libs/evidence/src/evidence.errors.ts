/** Thrown when Kafka or MongoDB cannot be read: it does not answer, an index is missing, or a document has no message. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly code: 'log_unusable' | 'store_unusable';

  constructor(code: EvidenceError['code'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
