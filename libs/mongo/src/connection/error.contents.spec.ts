import mongoose from 'mongoose';
import { withoutContents } from './error.contents.ts';

const { MongoServerError } = mongoose.mongo;
const SECRET = 'what ann wrote to ben';

test.each([
  [
    'a key',
    `E11000 duplicate key error collection: c index: i dup key: { content: "${SECRET}" }`,
    /^E11000 .* dup key: …$/,
  ],
  [
    'a command',
    `not authorized on wiber to execute command { insert: "messages", documents: [ "${SECRET}" ] }`,
    /command …$/,
  ],
  [
    'a query',
    `error processing query: ns=wiber.messages limit=50Tree: conversationId $eq "${SECRET}"\nSort: {}`,
    /^error processing query: ns=wiber.messages limit=50…$/,
  ],
  ['a text in quotes', `Failed to parse '${SECRET}'`, /^Failed to parse …$/],
  ['an operator', `unknown top level operator: $${SECRET}`, /operator: …$/],
  ['a text after an apostrophe', `can't take "${SECRET}"`, /^can't take …$/],
  ['a long text', `x ${'y'.repeat(1000)}${SECRET}`, /^x y{298}$/],
])('%s that the server quotes is taken out of the message and the stack; class and code stay', (_, message, plain) => {
  const error = withoutContents(new MongoServerError({ code: 13, message }));
  expect(error.message).toMatch(plain);
  expect(error.stack).not.toContain(SECRET);
  expect([error instanceof MongoServerError, error.code]).toEqual([true, 13]);
});

test.each([
  ['$add only supports numeric or date types, not string', '$add only supports numeric or date types, not string'],
  [
    'Plan executor error during findAndModify :: caused by :: $concatArrays only supports arrays, not string',
    'Plan executor error during findAndModify :: caused by :: $concatArrays only supports arrays, not string',
  ],
  [
    `$add only supports numeric types, not { a: "${SECRET}" }`,
    '$add only supports numeric types, not … (TypeMismatch)',
  ],
  [`{ a: "${SECRET}" } is no number`, '… (TypeMismatch)'],
])('what MongoDB could not do stays in the message: %s', (message, plain) => {
  const error = withoutContents(new MongoServerError({ code: 14, codeName: 'TypeMismatch', message }));
  expect(withoutContents(error).message).toBe(plain);
});

test('a name of a code that is none is left out', () => {
  expect(withoutContents(new MongoServerError({ codeName: `${SECRET} $x`, message: '{ a: 1 }' })).message).toBe('…');
});

test('the causes of an error are cleaned as well, and an error that is its own cause ends', () => {
  const cause = new MongoServerError({ message: `{ ${SECRET} }` });
  cause.cause = cause;
  withoutContents(new Error('outer', { cause }));
  expect(`${cause.message}${cause.stack}`).not.toContain(SECRET);
});
