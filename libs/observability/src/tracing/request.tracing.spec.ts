import { fastify } from 'fastify';
import { spanOf, traceRequests } from './request.tracing.ts';
import { NO_TRACING, type SpanEnd, type SpanStart, type Tracing } from './tracing.ts';

const neverCalled = () => {
  throw new Error('no span has a child here');
};

/** Tracing that samples what has a parent, and notes what it is told. */
const noted = () => {
  const events: [what: string, told: SpanStart | SpanEnd | undefined][] = [];
  const tracing: Tracing = {
    isOn: true,
    start: (start) => {
      if (!start.parent) return undefined;
      events.push(['start', start]);
      return { traceparent: 'tp', child: neverCalled, end: (end) => void events.push(['end', end]) };
    },
  };
  return { tracing, events };
};

const served = async (tracing: Tracing) => {
  const app = fastify();
  const seen: boolean[] = [];
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true };
  const parentOf = ({ traceparent }: { [name: string]: unknown }) => (traceparent === undefined ? undefined : parent);
  traceRequests(app, { tracing, parentOf, isTraced: (route) => route !== '/health' });
  app.get('/users/:user', async (request) => (seen.push(spanOf(request) !== undefined), 'ok'));
  app.get('/health', async () => 'ok');
  app.get('/fails', async () => {
    throw new Error('no');
  });
  await app.ready();
  return { app, seen };
};

const traced = { headers: { traceparent: 'x' } };

test('a sampled request has a span from its head to its answer, named by its route and never by its path', async () => {
  const { tracing, events } = noted();
  const { app, seen } = await served(tracing);
  await app.inject({ url: '/users/ann', ...traced });
  expect(seen).toEqual([true]);
  expect(events).toMatchObject([
    ['start', { name: 'GET /users/:user', kind: 'server', attributes: { 'http.route': '/users/:user' } }],
    ['end', { attributes: { 'http.response.status_code': 200 }, error: undefined }],
  ]);
  expect(JSON.stringify(events)).not.toContain('ann');
});

test('a failure of the server is an error of its span', async () => {
  const { tracing, events } = noted();
  await (await served(tracing)).app.inject({ url: '/fails', ...traced });
  expect(events[1]).toMatchObject(['end', { error: '500' }]);
});

test('a request that is not sampled, a route that is left out, and an app without tracing have none', async () => {
  const { tracing, events } = noted();
  const { app, seen } = await served(tracing);
  await app.inject({ url: '/users/ann' });
  await app.inject({ url: '/health', ...traced });
  const off = await served(NO_TRACING);
  await off.app.inject({ url: '/users/ann', ...traced });
  expect([events, seen, off.seen]).toEqual([[], [false], [false]]);
});
