import { normaliseUsername } from '@wiber/contracts';
import type { ValidateFunction } from 'ajv';
import { fieldErrorsOf } from './body.errors.ts';
import { invalidRequest } from './invalid.request.ts';

/** The names are stored in NFC. Other fields are stored as they are. */
const USERNAMES = ['fromUser', 'toUser'];

/**
 * Reads bodies of one DTO. The validator is compiled from the schema that Swagger makes of the DTO: a ValidationPipe with
 * class-transformer builds objects for each request and halves Fastify's rate.
 */
export class BodyReader<T extends object> {
  private readonly validate: ValidateFunction<T>;
  private readonly isRequired: boolean;

  constructor(validate: ValidateFunction<T>, { isRequired }: { isRequired: boolean }) {
    this.validate = validate;
    this.isRequired = isRequired;
  }

  /**
   * An optional body that is missing is read as an object without fields.
   * @throws ProblemError invalid_request with a line for each bad field
   */
  read(body: unknown): T {
    if (body === undefined && !this.isRequired) return {} as T;
    normaliseUsernames(body);
    if (!this.validate(body)) throw invalidRequest(fieldErrorsOf(this.validate.errors ?? []));
    const field = illFormedField(body);
    if (field === undefined) return body;
    throw invalidRequest([{ field, message: 'must be well-formed Unicode; it holds a lone surrogate' }]);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * Changes the body in place: it was parsed for this request alone. A message is the whole body, or the field `body` of a
 * replay. No deeper: an unchecked body may nest deeper than the stack.
 */
const normaliseUsernames = (body: unknown): void => {
  if (!isObject(body)) return;
  for (const message of [body, body['body']]) {
    if (!isObject(message)) continue;
    for (const name of USERNAMES) {
      const value = message[name];
      if (typeof value === 'string') message[name] = normaliseUsername(value);
    }
  }
};

/** A lone surrogate has no UTF-8 form, so it could not be stored as it is. JSON Schema has no keyword for that. */
const illFormedField = (body: object, path = ''): string | undefined => {
  for (const name in body) {
    const value = (body as Record<string, unknown>)[name];
    if (typeof value === 'string' && !value.isWellFormed()) return path + name;
    const inside = isObject(value) ? illFormedField(value, `${path}${name}.`) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
};
