import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The largest number of origins that may be let in. */
const ORIGINS_MAX = 100;
/** Seconds for which a browser may keep what a preflight was answered. */
const MAX_AGE_S = '600';
/** Headers of a request that a browser asks for before it sends them. */
const REQUEST_HEADERS =
  'Authorization, Causal-Token, Content-Type, Idempotency-Key, Lamport, Prefer, X-Operator, X-Request-Id, traceparent, tracestate';
/** Headers of an answer that a page may read besides the few that Fetch allows anyway. */
export const ANSWER_HEADERS = [
  'Accept, Accept-Encoding, Allow, Causal-Token, Link, Location, Message-State, Preference-Applied, Retry-After',
  'Vary, WWW-Authenticate, X-Request-Id',
].join(', ');

/** The origins of a list that is joined with commas, each as a browser writes it; undefined when one is none. */
export const readOrigins = (text: string): string[] | undefined => {
  const origins = text.split(',').map((origin) => origin.trim());
  return origins.length <= ORIGINS_MAX && origins.every(isOrigin) ? origins : undefined;
};

/** `*` and `null` are none: the first would let in every page, the second every page that hides its origin. */
const isOrigin = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && origin === text;
};

/**
 * Lets pages of these origins call the API from a browser and read the answers (WHATWG Fetch, "CORS protocol"). The headers
 * are added to the finished answer, a problem too. @fastify/cors adds them before the handler, where a handler's own Vary
 * replaces them, and refuses a preflight with a text that is no problem. Cookies are never allowed: the API has none.
 */
export const allowOrigins = (fastify: FastifyInstance, origins: readonly string[]): void => {
  if (origins.length === 0) return;
  const known = new Set(origins);
  fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload, done) => {
    // On every answer: a cache must not give one origin's answer to another.
    const others = [reply.getHeader('Vary') ?? []].flat().filter((name) => name !== 'Origin');
    void reply.header('Vary', [...others, 'Origin'].join(', '));
    const { origin } = request.headers;
    if (origin !== undefined && known.has(origin)) void reply.headers(headersFor(origin, request, reply));
    done(null, payload);
  });
};

/** The headers of CORS of an answer that no hook of Fastify sees, to a request of this origin. Without known origins none. */
export type CrossOriginHeaders = (origin: string | undefined) => Record<string, string>;

export const crossOriginHeaders = (origins: readonly string[]): CrossOriginHeaders => {
  const known = new Set(origins);
  return (origin) => {
    if (known.size === 0) return {};
    return { Vary: 'Origin', ...(origin !== undefined && known.has(origin) && readableBy(origin)) };
  };
};

/**
 * The same for answers that no hook of Fastify sees: those of the connection guard, and to a path that is not well encoded.
 * @param server whose listeners of requests are all there: the headers are set before any of them answers
 */
export const allowOriginsFirst = (server: Server, origins: readonly string[]): void => {
  if (origins.length === 0) return;
  const headersOf = crossOriginHeaders(origins);
  server.prependListener('request', ({ headers: { origin } }: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(headersOf(origin))) response.setHeader(name, value);
  });
};

const readableBy = (origin: string): Record<string, string> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': ANSWER_HEADERS,
});

const headersFor = (
  origin: string,
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
): Record<string, string> => {
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  return {
    ...readableBy(origin),
    ...(isPreflight && {
      'Access-Control-Allow-Methods': String(reply.getHeader('Allow') ?? ''),
      'Access-Control-Allow-Headers': REQUEST_HEADERS,
      'Access-Control-Max-Age': MAX_AGE_S,
    }),
  };
};
