import type { ExecutionContext } from '@nestjs/common';
import { type ProblemError } from '@wiber/contracts';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperatorGuard, guardOperatorRoutes, isOperator } from './operator.guard.ts';

const TOKEN = 'a-token-of-this-spec-alone';

/** The code that the guard refuses a request with, and its challenge; `let in` when it does not. */
const judge = (token: string, authorization: string | undefined): [string, string | undefined] => {
  let challenge: string | undefined;
  const context = {
    switchToHttp: () => ({
      getRequest: () => ({ headers: { authorization } }),
      getResponse: () => ({ header: (_: string, value: string) => void (challenge = value) }),
    }),
  };
  try {
    return [new OperatorGuard(token).canActivate(context as ExecutionContext) ? 'let in' : 'shut out', challenge];
  } catch (error) {
    expect((error as Error).message).not.toContain(TOKEN);
    return [(error as ProblemError).code, challenge];
  }
};

test.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN}`])('%s is let in', (authorization) => {
  expect(judge(TOKEN, authorization)).toEqual(['let in', undefined]);
});

test.each<[string | undefined, string]>([
  [undefined, 'Bearer'],
  ['', 'Bearer'],
  ['Bearer', 'Bearer'],
  [TOKEN, 'Bearer'],
  [`Basic ${TOKEN}`, 'Bearer'],
  [`Bearer ${TOKEN}x`, 'Bearer error="invalid_token"'],
  [`Bearer ${TOKEN.slice(1)}`, 'Bearer error="invalid_token"'],
  ['Bearer x', 'Bearer error="invalid_token"'],
])('Authorization: %s is unauthorized, with the challenge %s', (authorization, challenge) => {
  expect(judge(TOKEN, authorization)).toEqual(['unauthorized', challenge]);
});

test('a gateway without a token lets nobody in, also not with an empty token', () => {
  for (const authorization of [undefined, 'Bearer ', 'Bearer x'])
    expect(judge('', authorization)).toEqual(['operator_closed', undefined]);
});

test('a call that is for all takes the token of operators, refuses a wrong one, and leaves other schemes to whom they are for', () => {
  const asked = (authorization: string | undefined, token = TOKEN): boolean | string => {
    try {
      const request = { headers: { authorization } } as FastifyRequest;
      return isOperator(token, request, { header: () => undefined } as unknown as FastifyReply);
    } catch (error) {
      return (error as ProblemError).code;
    }
  };
  expect([undefined, '', 'Basic YTpi', 'Bearerx y'].map((given) => asked(given))).toEqual([false, false, false, false]);
  expect(asked(`Bearer ${TOKEN}`)).toBe(true);
  expect(['Bearer x', 'Bearer'].map((given) => asked(given))).toEqual(['unauthorized', 'unauthorized']);
  expect(asked(`Bearer ${TOKEN}`, '')).toBe('operator_closed');
});

test('a stranger is refused before the body is read, at each call for operators and at no other', async () => {
  const server = fastify();
  const bodies: string[] = [];
  guardOperatorRoutes(server, TOKEN);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, async ({ url }: { url: string }) => void bodies.push(url));
  const operated = ['/dead-letters', '/dead-letters/:id/replay', '/stats/busiest', '/stats/servers', '/stats/clocks'];
  const open = ['/messages', '/dead-letters-of-nobody', '/stats/overview'];
  for (const path of [...operated, ...open]) server.post(path, async () => 'done');
  const statusOf = async (url: string, headers: object = {}) =>
    (await server.inject({ method: 'POST', url, payload: '{', headers: { 'content-type': 'a/b', ...headers } }))
      .statusCode;
  for (const path of operated) expect(await statusOf(path)).toBe(401);
  expect(bodies).toEqual([]);
  for (const path of operated) expect(await statusOf(path, { authorization: `Bearer ${TOKEN}` })).toBe(200);
  for (const path of open) expect(await statusOf(path)).toBe(200);
  expect(bodies).toEqual([...operated, ...open]);
});
