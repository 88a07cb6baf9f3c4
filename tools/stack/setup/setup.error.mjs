/** Thrown when a person must change something on the machine. The message is one line that says what. */
export class SetupError extends Error {
  name = 'SetupError';
}
