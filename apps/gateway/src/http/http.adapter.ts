import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { BODY_MAX_BYTES, ProblemError } from '@wiber/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { takeJson } from './body.parser.ts';
import type { ProblemFilter } from './problem.filter.ts';
import { answerClientError, answerOddRequests } from './raw.answers.ts';
import { allowedMethods } from './route.table.ts';

const CORRELATION_ID = /^[\w.:-]{1,128}$/;
/** 50 characters, each of up to three code points before NFC and nine characters a code point once encoded, fit. */
const PARAM_MAX = 2048;

/** Fastify as the contract wants it: its limits, its time-outs, and a problem for all that it refuses. */
export const httpAdapter = (filter: ProblemFilter, requestTimeoutMs: number): FastifyAdapter => {
  const refused = (problem: ProblemError) => filter.onRefused(problem.code, 'unrouted');
  const adapter = new FastifyAdapter({
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      filter.answer(error, request, reply),
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => answerClientError(error, socket, refused),
    bodyLimit: BODY_MAX_BYTES,
    routerOptions: { maxParamLength: PARAM_MAX },
    genReqId: (request: { headers: IncomingHttpHeaders }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
    },
    // Whoever sends slower than this is cut off: a connection held open costs the caller nothing and the gateway memory.
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
      // Node would refuse a request without Host on its own and without a body; the hook below does.
      requireHostHeader: false,
    },
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  takeJson(fastify);
  answerOddRequests(fastify.server, refused);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Request-Id', request.id);
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      return done(new ProblemError('invalid_request', 'the Host header is missing; send it (RFC 9112, section 3.2)'));
    }
    if (request.method === 'OPTIONS') return answerOptions(request, reply, done);
    done();
  });
  return adapter;
};

const answerOptions = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
  const allowed = allowedMethods(request.url.split('?')[0] ?? '/');
  if (allowed.length === 0) done();
  else void reply.status(204).header('Allow', allowed.join(', ')).send();
};
