/** How an error is logged: what it is and what caused it, and no other property. */
export interface LoggedError {
  type: string;
  message: string;
  stack: string;
  code?: string | number;
  cause?: LoggedError;
  /** Of an AggregateError, the first ones. */
  errors?: LoggedError[];
}

const MESSAGE_MAX = 1000;
const STACK_MAX = 4000;
const DEPTH_MAX = 6;
const ERRORS_MAX = 5;

/**
 * Takes only known properties of an error. An error of a bulk write holds the documents that were written, and one of a
 * request its headers: what users write is not for logs.
 */
export const serializeError = (error: unknown): unknown => (error instanceof Error ? logged(error, 1) : String(error));

const logged = (error: Error, depth: number): LoggedError => {
  const { code, cause } = error as Error & { code?: unknown };
  const errors: unknown = (error as Partial<AggregateError>).errors;
  const inner = depth < DEPTH_MAX ? { cause, errors } : {};
  return {
    type: error.constructor.name,
    message: error.message.slice(0, MESSAGE_MAX),
    stack: (error.stack ?? '').slice(0, STACK_MAX),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(inner.cause instanceof Error ? { cause: logged(inner.cause, depth + 1) } : {}),
    ...(Array.isArray(inner.errors)
      ? {
          errors: inner.errors
            .filter((one) => one instanceof Error)
            .slice(0, ERRORS_MAX)
            .map((one) => logged(one, depth + 1)),
        }
      : {}),
  };
};
