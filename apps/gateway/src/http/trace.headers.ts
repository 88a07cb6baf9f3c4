import type { IncomingHttpHeaders } from 'node:http';
import { readTraceparent, type TraceContext } from '@wiber/contracts';
import { traceRequests, type Tracing } from '@wiber/observability';

/** The context of a trace, as the record of a message carries it on. */
export interface TraceHeaders {
  traceparent: string | undefined;
  tracestate: string | undefined;
}

/** Routes of the API: probes, metrics and pages come often, and nobody follows them. */
const TRACED = /^\/(?:messages|users|dead-letters|stats)(?:\/|$)/;
/** A stream is no request that ends. */
const STREAM = '/stats/stream';

type Traced = Parameters<typeof traceRequests>[0];

/** Each sampled request of the API gets a span, under that of its client. */
export const traceApi = (fastify: Traced, tracing: Tracing): void =>
  traceRequests(fastify, {
    tracing,
    parentOf: contextOf,
    isTraced: (route) => TRACED.test(route) && route !== STREAM,
  });

const contextOf = (headers: IncomingHttpHeaders): TraceContext | undefined => {
  const given = headers['traceparent'];
  return typeof given === 'string' ? readTraceparent(given) : undefined;
};

const NONE: TraceHeaders = { traceparent: undefined, tracestate: undefined };

/** Section 3.3.1.5: a list of up to 512 characters is carried whole. A longer one may be dropped. */
const TRACESTATE = /^[\x20-\x7e\t]{1,512}$/;

/**
 * The client's context. A traceparent that is not well-formed is ignored, and its tracestate with it
 * (https://www.w3.org/TR/trace-context/, section 4.3).
 */
export const traceHeaders = (headers: IncomingHttpHeaders): TraceHeaders => {
  if (headers['traceparent'] === undefined) return NONE;
  const context = contextOf(headers);
  if (!context) return NONE;
  const state = headers['tracestate'];
  const tracestate = typeof state === 'string' && TRACESTATE.test(state) ? state : undefined;
  return { traceparent: context.traceparent, tracestate };
};
