/** Thrown when the stack can't continue and a person can fix the cause. The message is printed as it is and says how. */
export class StackError extends Error {
  override readonly name = 'StackError';
  /** For programs: identifies the refusal in a reply of the control protocol. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Thrown when what the stack started does not serve in time. */
export class NotReadyError extends StackError {}
