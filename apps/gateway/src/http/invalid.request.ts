import { FIELD_ERRORS_MAX, ProblemError, type FieldError } from '@wiber/contracts';

/** The largest number of characters of a field's name in a problem. The client chose the name. */
const FIELD_MAX = 50;

/**
 * The one place that makes the `errors` of a problem: each bad field of a request, with what to do about it. The first
 * FIELD_ERRORS_MAX fields are named, so that a small request gets no large answer.
 */
export const invalidRequest = (found: readonly FieldError[]): ProblemError => {
  const errors = found.slice(0, FIELD_ERRORS_MAX).map(({ field, message }) => ({ field: shortened(field), message }));
  const lines = errors.map(({ field, message }) => `${field} ${message}`);
  if (found.length > errors.length) lines.push('more fields are wrong');
  return new ProblemError('invalid_request', lines.join('; '), { errors });
};

const shortened = (field: string): string => {
  if (field.length <= FIELD_MAX) return field;
  // A cut may halve a surrogate pair.
  return `${field.slice(0, FIELD_MAX).toWellFormed()}…`;
};
