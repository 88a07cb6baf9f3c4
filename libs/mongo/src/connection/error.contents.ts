import { mongo } from 'mongoose';

const MESSAGE_MAX = 300;

/**
 * Takes what a server quotes out of its error and the causes: behind a brace stand keys, values and whole commands. They hold
 * what users wrote, which is neither for logs nor for other clients. The error stays of its class, for the breaker.
 */
export const withoutContents = <E extends Error>(error: E): E => {
  const seen = new Set<unknown>();
  for (let inner: unknown = error; inner instanceof Error && !seen.has(inner); inner = inner.cause) {
    seen.add(inner);
    if (inner instanceof mongo.MongoServerError) replaceMessage(inner, plainOf(inner.message));
  }
  return error;
};

const plainOf = (message: string): string => {
  const brace = message.indexOf('{');
  return (brace < 0 ? message : `${message.slice(0, brace)}…`).slice(0, MESSAGE_MAX);
};

const replaceMessage = (error: Error, message: string): void => {
  if (message === error.message) return;
  const stack = (error.stack ?? '').replace(error.message, () => message);
  Object.defineProperty(error, 'message', { value: message, writable: true, configurable: true });
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true });
};
