/** Thrown when the command line is wrong. The message is one sentence, with what it takes. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Thrown when nothing can be shown: the cluster was not whole before the kill, or its evidence can't be read afterwards. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Thrown when a signal ends the program. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}
