/** Thrown when the command line has a wrong option. The message is one line, written for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
