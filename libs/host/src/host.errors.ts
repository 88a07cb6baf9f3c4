/**
 * Thrown when an app can't start as it is set up and a person can mend it. Trying again changes nothing. The message is
 * the one line that names the variable and says what it takes.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly retry = false;
}
