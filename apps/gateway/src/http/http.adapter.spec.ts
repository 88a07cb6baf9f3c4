import type { FastifyInstance } from 'fastify';
import { PROBLEMS, type Problem } from '@wiber/contracts';
import { httpAdapter } from './http.adapter.ts';
import { ProblemFilter } from './problem.filter.ts';

/** The adapter with one route of each kind, without a port. */
const server = ({ origins = [] as string[] } = {}) => {
  const refused: [string, string][] = [];
  const onRefused = (code: string, route: string) => void refused.push([code, route]);
  const contract = { allowedMethods: (path: string) => (path === '/messages' ? ['POST', 'OPTIONS'] : []) };
  const problems = new ProblemFilter({ contract, logger: { error: () => undefined } as never, onRefused });
  const adapter = httpAdapter({ contract, problems, onRefused, requestTimeoutMs: 1000, origins });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  // Nest gives every error to the filter.
  fastify.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
  fastify.post('/messages', async ({ body }) => ({ body }));
  fastify.get('/users/:name', async ({ params }) => params);
  return { fastify, refused };
};

test.each(['trace-7', 'a.b:c_d-e', 'x'.repeat(128)])('the request id %s comes back', async (id) => {
  const answer = await server().fastify.inject({ url: '/users/ann', headers: { 'x-request-id': id } });
  expect(answer.headers['x-request-id']).toBe(id);
});

test.each(['', 'a b', 'x'.repeat(129)])('the request id %j is replaced by a UUID', async (id) => {
  const answer = await server().fastify.inject({ url: '/users/ann', headers: { 'x-request-id': id } });
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('OPTIONS of a path names its methods, and its query does not count; no path has no answer of its own', async () => {
  const { fastify } = server();
  const answer = await fastify.inject({ method: 'OPTIONS', url: '/messages?x=1' });
  expect([answer.statusCode, answer.headers['allow'], answer.body]).toEqual([204, 'POST, OPTIONS', '']);
  expect((await fastify.inject({ method: 'OPTIONS', url: '/nowhere' })).statusCode).toBe(404);
});

test.each<[string, string, object, string]>([
  ['POST', '/messages', { headers: { 'content-type': 'text/plain' }, payload: 'x' }, 'unsupported_media_type'],
  ['POST', '/messages', { headers: { 'content-type': 'application/json' }, payload: '{' }, 'malformed_json'],
  [
    'POST',
    '/messages',
    { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, payload: '{}' },
    'unsupported_encoding',
  ],
  ['QUERY', '/messages', {}, 'method_not_allowed'],
  ['QUERY', '/messages', { headers: { 'content-type': 'text/plain' }, payload: 'x' }, 'method_not_allowed'],
  ['PUT', '/messages', { headers: { 'content-type': 'application/json' }, payload: '{' }, 'method_not_allowed'],
  ['PROPFIND', '/messages', {}, 'method_not_allowed'],
  ['QUERY', '/nowhere', {}, 'not_found'],
  ['POST', '/nowhere', { headers: { 'content-type': 'text/plain' }, payload: 'x' }, 'not_found'],
  [
    'POST',
    '/messages',
    { headers: { 'content-type': 'application/json' }, payload: `"${'x'.repeat(70_000)}"` },
    'body_too_large',
  ],
  ['GET', `/users/${'x'.repeat(3000)}`, {}, 'uri_too_long'],
  ['GET', '/users/%zz', {}, 'invalid_request'],
])('%s %.20s that Fastify refuses is a problem, and is counted once', async (method, url, more, code) => {
  const { fastify, refused } = server();
  const answer = await fastify.inject({ method: method as 'GET', url, ...more });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject({ code } satisfies Partial<Record<keyof Problem, unknown>>);
  expect(answer.statusCode).toBe(PROBLEMS[code as keyof typeof PROBLEMS].status);
  expect(answer.headers['allow']).toBe(code === 'method_not_allowed' ? 'POST, OPTIONS' : undefined);
  expect(answer.headers['accept']).toBe(code === 'unsupported_media_type' ? 'application/json' : undefined);
  expect(answer.headers['accept-encoding']).toBe(code === 'unsupported_encoding' ? 'identity' : undefined);
  expect(refused.map(([counted]) => counted)).toEqual([code]);
});

test('the longest encoding of a name of 50 characters fits in the path', async () => {
  // Three code points before NFC, each of three bytes.
  const name = encodeURIComponent('\u1100\u1161\u11a8'.repeat(50));
  expect((await server().fastify.inject({ url: `/users/${name}` })).statusCode).toBe(200);
});
