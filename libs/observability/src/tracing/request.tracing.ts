import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { ATTRIBUTE } from './span.attributes.ts';
import type { OpenSpan, SpanPlace, Tracing } from './tracing.ts';

export interface RequestTracingOptions {
  tracing: Tracing;
  /** The span of the client; undefined when it sends none. */
  parentOf: (headers: IncomingHttpHeaders) => SpanPlace | undefined;
  /** Whether requests of a route are traced, by its pattern. */
  isTraced: (route: string) => boolean;
}

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/** The span of a request; undefined for one that is not traced. */
export const spanOf = (request: FastifyRequest): OpenSpan | undefined => spans.get(request);

/** Gives each sampled request a span, from its head to the end of its answer. Without tracing no hook is added. */
export const traceRequests = (
  fastify: Pick<FastifyInstance, 'addHook'>,
  { tracing, parentOf, isTraced }: RequestTracingOptions,
): void => {
  if (!tracing.isOn) return;
  fastify.addHook('onRoute', (route: RouteOptions) => {
    if (!isTraced(route.url)) return;
    const begin = (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
      const span = tracing.start({
        name: `${request.method} ${route.url}`,
        kind: 'server',
        parent: parentOf(request.headers),
        attributes: {
          [ATTRIBUTE.httpMethod]: request.method,
          [ATTRIBUTE.httpRoute]: route.url,
          [ATTRIBUTE.correlationId]: request.id,
        },
      });
      if (span) spans.set(request, span);
      done();
    };
    const end = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      const { statusCode } = reply;
      // Of a server span only what is its own fault is an error.
      const error = statusCode >= 500 ? String(statusCode) : undefined;
      spanOf(request)?.end({ attributes: { [ATTRIBUTE.httpStatus]: statusCode }, error });
      done();
    };
    route.onRequest = [begin, ...[route.onRequest ?? []].flat()] as RouteOptions['onRequest'];
    route.onResponse = [end, ...[route.onResponse ?? []].flat()] as RouteOptions['onResponse'];
  });
};
