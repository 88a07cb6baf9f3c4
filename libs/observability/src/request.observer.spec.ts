import { jest } from '@jest/globals';
import Fastify from 'fastify';
import { register } from 'prom-client';
import type { WiberLogger } from './app.logger.ts';
import { observeRequests } from './request.observer.ts';

interface Line {
  level: string;
  fields: Record<string, unknown>;
  text: string;
}

/** A server without a port; `lines` is what its requests logged. */
const observed = (isDebug = false) => {
  const lines: Line[] = [];
  const write = (level: string) => (fields: Record<string, unknown>, text: string) => {
    if (level !== 'debug' || isDebug) lines.push({ level, fields, text });
  };
  const logger = { info: write('info'), debug: write('debug'), isLevelEnabled: () => isDebug };
  const fastify = Fastify();
  observeRequests(fastify, logger as unknown as WiberLogger);
  fastify.get('/users/:name', async () => 'ok');
  fastify.get('/broken', async () => {
    throw new Error('it failed');
  });
  return { fastify, lines };
};

let now = 1_000_000;
beforeEach(() => {
  register.clear();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void jest.restoreAllMocks());

const counted = async (): Promise<Record<string, number>> => {
  const text = await register.metrics();
  const samples = text.matchAll(/^wiber_http_request_duration_seconds_count\{([^}]*)\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, labels, value]) => [labels, Number(value)]));
};

test('requests are counted by the pattern of their route, so that names make no new series', async () => {
  const { fastify } = observed();
  for (const url of ['/users/ann', '/users/ben', '/made/up/1', '/made/up/2']) await fastify.inject({ url });
  expect(await counted()).toEqual({
    'route="/users/:name",method="GET",status="200"': 2,
    'route="unrouted",method="GET",status="404"': 2,
  });
});

test('a request that failed is logged with its id; one that was answered is logged at debug alone', async () => {
  const quiet = observed();
  await quiet.fastify.inject({ url: '/users/ann' });
  await quiet.fastify.inject({ url: '/broken' });
  expect(quiet.lines).toMatchObject([
    { level: 'info', text: 'a request failed', fields: { route: '/broken', status: 500, method: 'GET' } },
  ]);
  expect(quiet.lines[0]?.fields['correlationId']).toBeDefined();
  register.clear();
  const loud = observed(true);
  await loud.fastify.inject({ url: '/users/ann' });
  expect(loud.lines).toMatchObject([{ level: 'debug', text: 'a request was answered' }]);
});

test('in one second at most 50 failures are logged; the next second tells how many were left out', async () => {
  const { fastify, lines } = observed();
  const fail = async (times: number) => {
    for (let index = 0; index < times; index += 1) await fastify.inject({ url: '/broken' });
  };
  await fail(70);
  expect(lines).toHaveLength(50);
  now += 1000;
  await fail(1);
  expect(lines.slice(50)).toMatchObject([
    { fields: { lines: 20 }, text: 'lines about requests were left out' },
    { text: 'a request failed' },
  ]);
});
