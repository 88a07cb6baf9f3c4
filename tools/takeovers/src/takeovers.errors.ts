/** Thrown when the command line has a wrong option. The message is one line, written for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Thrown when a takeover could not be forced, so that the run proves nothing. */
export class RunError extends Error {
  override readonly name = 'RunError';
}
