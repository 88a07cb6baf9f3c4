import { invalidRequest } from '../http/invalid.request.ts';

/** An Idempotency-Key: visible ASCII characters. */
export const KEY = /^[\x21-\x7e]{1,255}$/;

/** Undefined when the client sends no key. @throws ProblemError invalid_request */
export const readIdempotencyKey = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw invalidRequest([
    { field: 'Idempotency-Key', message: 'must be given once, 1 to 255 visible ASCII characters' },
  ]);
};
