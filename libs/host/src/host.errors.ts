/**
 * Thrown when an app can't start with its settings and a person must change them. A retry changes nothing. The message is
 * one line that names the variable and the values that it takes.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly retry = false;
}
