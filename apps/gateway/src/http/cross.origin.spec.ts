import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import Fastify from 'fastify';
import { AppModule } from '../app.module.ts';
import { describeApi } from './api.document.ts';
import { ANSWER_HEADERS, allowOrigins, allowOriginsFirst, readOrigins } from './cross.origin.ts';

const HERE = 'https://chat.example.org';
const LOCAL = 'http://127.0.0.1:5173';

const answerTo = (origins: string[], request: { method?: 'GET' | 'OPTIONS'; url?: string; headers?: object }) => {
  const fastify = Fastify();
  allowOrigins(fastify, origins);
  fastify.get('/page', async (_, reply) => reply.header('Vary', 'Causal-Token').send('[]'));
  fastify.get('/plain', async () => 'ok');
  fastify.options('/page', (_, reply) => void reply.status(204).header('Allow', 'GET, HEAD, OPTIONS').send());
  return fastify.inject({ method: 'GET', url: '/page', ...request } as { method: 'GET'; url: string });
};
const corsOf = (headers: Record<string, unknown>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

test('a page of a known origin may read an answer and its headers', async () => {
  const { headers } = await answerTo([HERE, LOCAL], { headers: { origin: LOCAL } });
  expect(headers['access-control-allow-origin']).toBe(LOCAL);
  expect(headers['access-control-expose-headers']).toMatch(/\bLink\b.*\bX-Request-Id\b/);
  expect(headers['access-control-allow-credentials']).toBeUndefined();
});

test.each([
  undefined,
  'https://evil.example.org',
  `${HERE}.evil.org`,
  'null',
  'http://chat.example.org',
  HERE.toUpperCase(),
  '',
])('a page of the origin %j may not, and its preflight allows nothing', async (origin) => {
  const headers = origin === undefined ? {} : { origin };
  expect(corsOf((await answerTo([HERE], { headers })).headers)).toEqual([]);
  const ask = { ...headers, 'access-control-request-method': 'GET' };
  expect(corsOf((await answerTo([HERE], { method: 'OPTIONS', headers: ask })).headers)).toEqual([]);
});

test('every answer says that it varies by origin, and keeps what else it varies by', async () => {
  for (const headers of [{}, { origin: HERE }, { origin: 'https://other.org' }]) {
    expect((await answerTo([HERE], { headers })).headers.vary).toBe('Causal-Token, Origin');
    expect((await answerTo([HERE], { headers, url: '/plain' })).headers.vary).toBe('Origin');
    expect((await answerTo([HERE], { headers, url: '/nowhere' })).headers.vary).toBe('Origin');
  }
});

test('a preflight from a known origin is answered with the methods of the path', async () => {
  const headers = { origin: HERE, 'access-control-request-method': 'GET' };
  const answer = await answerTo([HERE], { method: 'OPTIONS', headers });
  expect(answer.statusCode).toBe(204);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': HERE,
    'access-control-allow-methods': 'GET, HEAD, OPTIONS',
    'access-control-max-age': '600',
  });
  expect(answer.headers['access-control-allow-headers']).toMatch(/\bIdempotency-Key\b/);
});

test('without origins no answer has a header of CORS', async () => {
  const ask = { origin: HERE, 'access-control-request-method': 'GET' };
  for (const method of ['GET', 'OPTIONS'] as const) {
    const { headers } = await answerTo([], { method, headers: ask });
    expect(corsOf(headers)).toEqual([]);
    expect(headers.vary).toBe(method === 'GET' ? 'Causal-Token' : undefined);
  }
});

test('a list of origins is read as browsers write them', () => {
  expect(readOrigins(`${HERE}, ${LOCAL}`)).toEqual([HERE, LOCAL]);
  expect(readOrigins('http://[::1]:8080')).toEqual(['http://[::1]:8080']);
});

test.each([
  '*',
  'null',
  'chat.example.org',
  `${HERE}/`,
  `${HERE}/path`,
  'https://chat.example.org:443',
  `${HERE},`,
  'ftp://a.b',
  'https://A.b',
  'https://u:p@a.b',
  Array(101).fill(HERE).join(','),
])('the list of origins %.40j is refused', (text) => {
  expect(readOrigins(text)).toBeUndefined();
});

test.each<[string | undefined, Record<string, string>]>([
  [HERE, { 'Access-Control-Allow-Origin': HERE, 'Access-Control-Expose-Headers': ANSWER_HEADERS, Vary: 'Origin' }],
  ['https://evil.example.org', { Vary: 'Origin' }],
  [undefined, { Vary: 'Origin' }],
])('an answer to the origin %s that no route gives has the headers of CORS too', (origin, expected) => {
  const server = new EventEmitter();
  const headers: Record<string, string> = {};
  let atAnswer: object = {};
  server.on('request', () => (atAnswer = { ...headers }));
  allowOriginsFirst(server as Server, [HERE]);
  server.emit(
    'request',
    { headers: { origin } },
    { setHeader: (name: string, value: string) => (headers[name] = value) },
  );
  expect(atAnswer).toEqual(expected);
});

test('a page may read every header that an answer is described with', async () => {
  const document = await describeApi(AppModule.forPreview());
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as object[]);
  const responses = operations.flatMap((one) => Object.values((one as { responses: object }).responses) as object[]);
  const described = new Set(responses.flatMap((one) => Object.keys((one as { headers?: object }).headers ?? {})));
  expect(described.has('Message-State')).toBe(true);
  expect(ANSWER_HEADERS.split(', ')).toEqual(expect.arrayContaining([...described]));
});
