import { ProblemError, type FieldError } from '@wiber/contracts';

/** The one place that makes the `errors` of a problem: each bad field of a request, with what to do about it. */
export const invalidRequest = (errors: FieldError[]): ProblemError => {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new ProblemError('invalid_request', detail, { errors });
};
