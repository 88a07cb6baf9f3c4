/** Thrown when the command line asks for what there is not; the message is the one line that a person reads. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
