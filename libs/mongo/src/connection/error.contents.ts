import { mongo } from 'mongoose';

const MESSAGE_MAX = 300;

/**
 * Where a server begins to quote: a document, a list, a text in quotes, an operator, or the tree of a query, whose values
 * have no quotes where they are numbers. An operator at the begin of a sentence is its subject, as in `$add only supports
 * numeric types`, and is Wiber's own.
 */
const QUOTE = /[{[\n]|(?<!^|:: )\$|(?<=^|[\s(:=])["'`]|Tree:/;
/** The name of an error code, as MongoDB writes it. */
const CODE_NAME = /^[A-Za-z]{1,60}$/;

/**
 * Takes what a server quotes out of its error and the causes: keys, values, queries and whole commands. They hold what
 * users wrote, which is not for logs. The error stays of its class, for the breaker.
 */
export const withoutContents = <E extends Error>(error: E): E => {
  const seen = new Set<unknown>();
  for (let inner: unknown = error; inner instanceof Error && !seen.has(inner); inner = inner.cause) {
    seen.add(inner);
    if (inner instanceof mongo.MongoServerError) replaceMessage(inner, plainOf(inner));
  }
  return error;
};

/** The name of the code says what went wrong where the rest of the message is taken out. */
const plainOf = ({ message, codeName }: mongo.MongoServerError): string => {
  const quote = message.search(QUOTE);
  if (quote < 0) return message.slice(0, MESSAGE_MAX);
  const name = CODE_NAME.test(codeName ?? '') ? ` (${codeName})` : '';
  return `${message.slice(0, quote)}…`.slice(0, MESSAGE_MAX) + name;
};

const replaceMessage = (error: Error, message: string): void => {
  if (message === error.message) return;
  const stack = (error.stack ?? '').replace(error.message, () => message);
  Object.defineProperty(error, 'message', { value: message, writable: true, configurable: true });
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true });
};
