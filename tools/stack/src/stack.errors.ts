/** Thrown when the stack can't go on and a person can mend it; the message is the one line that says how. */
export class StackError extends Error {
  override readonly name = 'StackError';
  /** For a program that asked: which of the refusals it is. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}
