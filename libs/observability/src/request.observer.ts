import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Histogram } from 'prom-client';
import { METRIC } from './metric.names.ts';
import type { WiberLogger } from './app.logger.ts';

/** A request that takes longer is logged, in milliseconds. A request with Prefer: wait is not. */
const SLOW_MS = 1000;
/** All requests without a route share this label: clients can make up any path, and each label value is kept for ever. */
const UNROUTED = 'unrouted';
/** Lines a second. An outage under load fails thousands of requests, and logging each would slow the rest. */
const LINES_PER_S = 50;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const EVENT_STREAM = 'text/event-stream';

type Timer = Pick<Histogram.Internal<string>, 'observe'>;

/** What else a line about a request says: ids, never what users write. */
export type DescribeRequest = (request: FastifyRequest, reply: FastifyReply) => object;

const byIdAlone: DescribeRequest = ({ id }) => ({ correlationId: id });

/** Times every request but those for a stream of events, by route, method and status. Logs requests that failed or were slow; at debug all of them. */
export const observeRequests = (
  fastify: FastifyInstance,
  logger: WiberLogger,
  describe: DescribeRequest = byIdAlone,
): void => {
  const durations = new Histogram({
    name: METRIC.httpDuration,
    help: 'Time from the request to the end of its answer, in seconds.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });
  const log = limitedLog(logger, describe);
  const observerOf = (route: string) => {
    // The timers of a route are kept: a look-up by labels makes an object and a string for each request.
    const timers = new Map<string, Timer[]>();
    return (request: FastifyRequest, reply: FastifyReply): void => {
      // It lasts as long as its client wants.
      if (reply.getHeader('Content-Type') === EVENT_STREAM) return;
      const method = METHODS.has(request.method) ? request.method : 'other';
      let byStatus = timers.get(method);
      if (!byStatus) timers.set(method, (byStatus = []));
      const status = reply.statusCode;
      const timer = (byStatus[status] ??= durations.labels(route, method, String(status)));
      timer.observe(reply.elapsedTime / 1000);
      if (status >= 500 || reply.elapsedTime > SLOW_MS || logger.isLevelEnabled('debug')) {
        log(request, reply, route);
      }
    };
  };
  fastify.addHook('onRoute', (options: RouteOptions) => {
    const observe = observerOf(options.url);
    const own = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      observe(request, reply);
      done();
    };
    options.onResponse = [own, ...[options.onResponse ?? []].flat()] as RouteOptions['onResponse'];
  });
  const unrouted = observerOf(UNROUTED);
  fastify.addHook('onResponse', (request, reply, done) => {
    if (request.is404) unrouted(request, reply);
    done();
  });
};

const limitedLog = (logger: WiberLogger, describe: DescribeRequest) => {
  let second = 0;
  let lines = 0;
  return (request: FastifyRequest, reply: FastifyReply, route: string): void => {
    const failed = reply.statusCode >= 500;
    const slow = reply.elapsedTime > SLOW_MS && request.headers.prefer === undefined;
    const level = failed || slow ? 'info' : 'debug';
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) {
      if (lines > LINES_PER_S) logger.info({ lines: lines - LINES_PER_S }, 'lines about requests were left out');
      second = now;
      lines = 0;
    }
    lines += 1;
    if (level === 'info' && lines > LINES_PER_S) return;
    const detail = { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    const what = failed ? 'a request failed' : slow ? 'a request was slow' : 'a request was answered';
    logger[level]({ ...describe(request, reply), ...detail }, what);
  };
};
