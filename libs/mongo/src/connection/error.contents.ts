import { mongo } from 'mongoose';

const MESSAGE_MAX = 300;

/**
 * Where a server begins to quote: a document, a list, a text in quotes, an operator, or the tree of a query, whose values
 * have no quotes where they are numbers.
 */
const QUOTE = /[{[$\n]|(?<=^|[\s(:=])["'`]|Tree:/;

/**
 * Takes what a server quotes out of its error and the causes: keys, values, queries and whole commands. They hold what
 * users wrote, which is not for logs. The error stays of its class, for the breaker.
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
  const quote = message.search(QUOTE);
  return (quote < 0 ? message : `${message.slice(0, quote)}…`).slice(0, MESSAGE_MAX);
};

const replaceMessage = (error: Error, message: string): void => {
  if (message === error.message) return;
  const stack = (error.stack ?? '').replace(error.message, () => message);
  Object.defineProperty(error, 'message', { value: message, writable: true, configurable: true });
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true });
};
