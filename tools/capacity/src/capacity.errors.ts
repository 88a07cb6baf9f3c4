/** Thrown when the command line or the bench's file is wrong. The message is one line, written for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
