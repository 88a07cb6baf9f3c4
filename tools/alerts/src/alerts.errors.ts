/** Thrown when nothing can be checked: a wrong option, or a program that this machine lacks. */
export class AlertsError extends Error {
  override readonly name = 'AlertsError';
}
