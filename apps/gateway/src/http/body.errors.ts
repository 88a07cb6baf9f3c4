import { FIELD_ERRORS_MAX, contentProblem, usernameProblem, type FieldError } from '@wiber/contracts';
import type { ErrorObject } from 'ajv';

/** These fields have rules in contracts, which explain a bad value better than a pattern does. */
const PROBLEM_OF_FIELD: Record<string, (text: string) => string | undefined> = {
  fromUser: usernameProblem,
  toUser: usernameProblem,
  content: contentProblem,
};

const MESSAGE_OF_TYPE: Record<string, string> = { boolean: 'must be true or false', string: 'must be a string' };

/**
 * Translates what Ajv found into one line for each bad field, and stops once there are more than a problem may name.
 * @param errors of a validator with `allErrors` and `verbose`
 */
export const fieldErrorsOf = (errors: readonly ErrorObject[]): FieldError[] => {
  const messages = new Map<string, string>();
  for (const error of errors) {
    const field = fieldOf(error);
    if (!messages.has(field)) messages.set(field, messageOf(error));
    if (messages.size > FIELD_ERRORS_MAX) break;
  }
  return [...messages].map(([field, message]) => ({ field, message }));
};

/** `toUser`, or `body.toUser` inside an object; `(body)` for the whole body. */
const fieldOf = ({ instancePath, params }: ErrorObject): string => {
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
  const name = missingProperty ?? additionalProperty;
  const path = [...instancePath.split('/').slice(1), ...(name === undefined ? [] : [name])];
  return path.join('.') || '(body)';
};

const messageOf = (error: ErrorObject): string => {
  switch (error.keyword) {
    case 'required':
      return 'is missing; give it';
    case 'additionalProperties':
      return 'is not a known field; take it out';
    case 'type':
      return typeMessageOf(error);
    default:
      return valueMessageOf(error);
  }
};

const typeMessageOf = ({ params, parentSchema, message }: ErrorObject): string => {
  const { type } = params as { type: string };
  if (type !== 'object') return MESSAGE_OF_TYPE[type] ?? message ?? 'is not valid';
  const fields = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
  return `must be one JSON object with ${fields.join(', ')}`;
};

const valueMessageOf = ({ instancePath, keyword, params, data, message }: ErrorObject): string => {
  const name = instancePath.slice(instancePath.lastIndexOf('/') + 1);
  const problem = typeof data === 'string' ? PROBLEM_OF_FIELD[name]?.(data) : undefined;
  if (problem) return problem;
  if (keyword === 'maxLength') return `must have at most ${(params as { limit: number }).limit} characters`;
  return message ?? 'is not valid';
};
