import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { ProblemError, type Problem, type ProblemCode } from '@wiber/contracts';
import { NotSentError, OutcomeUnknownError } from '@wiber/kafka';
import {
  CausalTokenAheadError,
  ReadsOverloadedError,
  MessageUnreadableError,
  StoreBehindError,
  StoreUnavailableError,
} from '@wiber/mongo';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemFilter } from './problem.filter.ts';

/** The answer that the filter gives to an error, with what it logged and counted. */
const answerTo = (
  error: unknown,
  {
    url = '/x',
    route = '/x' as string | null,
    allowed = [] as string[],
    raw = { complete: true, headers: {} } as object,
    headers = {} as Record<string, string>,
  } = {},
) => {
  const refused: [ProblemCode, string][] = [];
  const logged: object[] = [];
  const filter = new ProblemFilter({
    contract: { allowedMethods: () => allowed },
    logger: { error: (fields: object) => void logged.push(fields) } as never,
    onRefused: (code, pattern) => void refused.push([code, pattern]),
  });
  let status = 0;
  let body: Buffer = Buffer.alloc(0);
  const reply = {
    status: (code: number) => ((status = code), reply),
    header: (name: string, value: string) => ((headers[name] = value), reply),
    removeHeader: (name: string) => (delete headers[name], reply),
    send: (bytes: Buffer) => ((body = bytes), reply),
  };
  const request = { id: 'trace-7', url, headers: {}, routeOptions: { url: route ?? undefined }, raw };
  filter.answer(error, request as unknown as FastifyRequest, reply as unknown as FastifyReply);
  return { status, headers, problem: JSON.parse(body.toString()) as Problem, refused, logged };
};

const fastifyError = (code: string, statusCode: number) =>
  Object.assign(new Error('fastify says so'), { code, statusCode });

test('a problem has the form of RFC 9457, is never cached, and is counted by its route', () => {
  const errors = [{ field: 'toUser', message: 'is missing; give it' }];
  const { status, headers, problem, refused, logged } = answerTo(
    new ProblemError('invalid_request', 'toUser is missing', { errors }),
    { route: '/messages' },
  );
  expect(status).toBe(400);
  expect(headers).toEqual({
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Request-Id': 'trace-7',
  });
  expect(problem).toEqual({
    type: 'urn:wiber:problem:invalid_request',
    title: 'The request is not valid',
    status: 400,
    detail: 'toUser is missing',
    code: 'invalid_request',
    correlationId: 'trace-7',
    errors,
  });
  expect(refused).toEqual([['invalid_request', '/messages']]);
  expect(logged).toEqual([]);
});

test.each<[string, unknown, ProblemCode, string | undefined]>([
  ['a message that was not sent', new NotSentError('overloaded', 'full'), 'overloaded', '1'],
  ['an unknown outcome', new OutcomeUnknownError('no answer'), 'outcome_unknown', '1'],
  ['a token from the future', new CausalTokenAheadError('ahead'), 'causal_token_ahead', undefined],
  ['a store that is behind', new StoreBehindError('behind'), 'store_behind', '1'],
  ['too many counts', new ReadsOverloadedError('busy', { retryAfterMs: 1000 }), 'reads_overloaded', '1'],
  ['a store that is away', new StoreUnavailableError('away'), 'store_unavailable', '1'],
  [
    'a store whose breaker closes later',
    new StoreUnavailableError('away', { retryAfterMs: 2100 }),
    'store_unavailable',
    '3',
  ],
  ['a pending message', new ProblemError('message_pending', 'soon', { retryAfterS: 1 }), 'message_pending', '1'],
  ['a body that Fastify finds too large', fastifyError('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'body_too_large', undefined],
  ['a wrong Content-Length', fastifyError('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400), 'malformed_json', undefined],
  ['a path that can not be decoded', fastifyError('FST_ERR_BAD_URL', 400), 'invalid_request', undefined],
  ['a long name in the path', fastifyError('FST_ERR_MAX_PARAM_LENGTH', 414), 'uri_too_long', undefined],
  ['another media type', fastifyError('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'unsupported_media_type', undefined],
  ['a body that Nest finds too large', new HttpException('large', 413), 'body_too_large', undefined],
  ['a body that Nest can not parse', new BadRequestException('no JSON'), 'malformed_json', undefined],
  ['another refusal of Fastify', fastifyError('FST_ERR_NEW', 418), 'invalid_request', undefined],
  ['a path without a route', new NotFoundException(), 'not_found', undefined],
])('%s gets its code and its Retry-After', (_, error, code, retryAfter) => {
  const answer = answerTo(error);
  expect(answer.problem).toMatchObject({ code, status: answer.status });
  expect(answer.headers['Retry-After']).toBe(retryAfter);
  expect(answer.logged).toEqual([]);
});

test.each<[string, unknown]>([
  ['an error of our own code', new TypeError('secret is undefined')],
  ['a thrown text', 'oops'],
  ['an error of 500 of Nest', new HttpException('secret', 500)],
])(
  '%s is a 500 that tells the client nothing and is logged with its correlation id and its route, without what its client put into the address',
  (_, error) => {
    const { problem, logged } = answerTo(error, { url: '/messages?x=1', route: '/messages' });
    expect(problem).toMatchObject({ code: 'internal_error', detail: 'the failure is logged under this correlationId' });
    expect(logged).toEqual([{ error, correlationId: 'trace-7', route: '/messages' }]);
  },
);

test('a path that has other methods is 405 with Allow; its query does not count', () => {
  const { headers, problem } = answerTo(new NotFoundException(), {
    url: '/messages?a=1',
    route: null,
    allowed: ['POST', 'OPTIONS'],
  });
  expect(headers['Allow']).toBe('POST, OPTIONS');
  expect(problem).toMatchObject({ code: 'method_not_allowed', detail: '/messages takes POST, OPTIONS' });
});

test('a request without a route is counted as unrouted, because clients can make up any path', () => {
  expect(answerTo(new NotFoundException(), { url: '/made/up', route: null }).refused).toEqual([
    ['not_found', 'unrouted'],
  ]);
});

test.each<[string, object, boolean]>([
  ['that is here', { complete: true, headers: {} }, false],
  ['of 16 MiB that still arrives', { complete: false, headers: { 'content-length': `${2 ** 24}` } }, false],
  ['of more that still arrives', { complete: false, headers: { 'content-length': `${2 ** 24 + 1}` } }, true],
  ['without a known end', { complete: false, headers: {} }, true],
])('a refused body %s %j closes its connection: %s', (_, raw, closes) => {
  const { headers } = answerTo(fastifyError('FST_ERR_CTP_BODY_TOO_LARGE', 413), {
    raw,
    headers: { Connection: 'close' },
  });
  expect('Connection' in headers).toBe(closes);
});

test('a stored document that is no message is 500, and its reads log nothing here', () => {
  const { problem, logged } = answerTo(new MessageUnreadableError('the document is no message'));
  expect([problem.status, problem.code, logged]).toEqual([500, 'message_unreadable', []]);
});
