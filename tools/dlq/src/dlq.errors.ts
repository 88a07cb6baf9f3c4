/** Thrown when the command line is wrong: exit code 2. The message is one line that says what is right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Thrown when the gateway refuses the call, or when no gateway answers: exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
