/** Thrown when the command is not one: exit code 2, and the message is the one line that says what is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Thrown when the gateway refuses, or none answers: exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
