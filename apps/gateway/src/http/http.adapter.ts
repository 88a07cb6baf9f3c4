import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { NotFoundException } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { BODY_MAX_BYTES, type ProblemCode, type ProblemError } from '@wiber/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptJsonOnly } from './body.parser.ts';
import { allowOrigins, crossOriginHeaders } from './cross.origin.ts';
import type { HttpContract } from './http.contract.ts';
import { lingerOnClose } from './lingering.close.ts';
import type { ProblemFilter } from './problem.filter.ts';
import { hostCheck, originForm } from './request.target.ts';
import { answerClientError, answerOddRequests, unmetExpectation } from './raw.answers.ts';

const CORRELATION_ID = /^[\w.:-]{1,128}$/;
/**
 * The longest name fits: NFD makes up to three code points of nine encoded characters from one character, or four of six.
 */
const PARAM_MAX = 2048;
const SERVER_METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];

export interface HttpAdapterOptions {
  contract: Pick<HttpContract, 'allowedMethods'>;
  problems: Pick<ProblemFilter, 'answer'>;
  /** Called for each problem that has no route. */
  onRefused: (code: ProblemCode, route: 'unrouted') => void;
  requestTimeoutMs: number;
  /** The origins whose pages may call the API from a browser. */
  origins: readonly string[];
}

/** Fastify with the limits and time-outs of the contract. A request that Fastify or Node refuses gets a problem, too. */
export const httpAdapter = ({
  contract,
  problems,
  onRefused,
  requestTimeoutMs,
  origins,
}: HttpAdapterOptions): FastifyAdapter => {
  const raw = {
    refused: (problem: ProblemError) => onRefused(problem.code, 'unrouted'),
    crossOrigin: crossOriginHeaders(origins),
  };
  const adapter = new FastifyAdapter({
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      problems.answer(error, request, reply),
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => answerClientError(error, socket, raw),
    bodyLimit: BODY_MAX_BYTES,
    routerOptions: { maxParamLength: PARAM_MAX },
    rewriteUrl: ({ url = '/' }: { url?: string }) => originForm(url),
    genReqId: (request: { headers: IncomingHttpHeaders }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
    },
    // A slow sender is cut off: a connection that stays open costs the sender nothing and the gateway memory.
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
      // Node would refuse a request without Host with an empty body. The hook below refuses it with a problem.
      requireHostHeader: false,
      // Node would drop the second of two lines, such as Host and Authorization, and the next server might take it.
      joinDuplicateHeaders: true,
    },
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  acceptJsonOnly(fastify);
  answerOddRequests(fastify.server, raw);
  lingerOnClose(fastify.server);
  allowOrigins(fastify, origins);
  const badHost = hostCheck();
  // The asterisk stands for the server as a whole (RFC 9110, section 9.3.7).
  const allowedMethods = (path: string) => (path === '*' ? SERVER_METHODS : contract.allowedMethods(path));
  fastify.addHook('onRequest', (request, reply, done) => {
    // No answer arrives any more: the client repeats what it sent after the last one (RFC 9112, section 9.6).
    if (request.raw.socket.writableEnded) return;
    void reply.header('X-Request-Id', request.id);
    const problem = badHost(request.headers.host, request.raw.httpVersion) ?? unmetExpectation(request.raw);
    if (problem) return done(problem);
    if (request.method !== 'OPTIONS' && !request.is404) return done();
    const allowed = request.method === 'OPTIONS' ? allowedMethods(request.url.split('?')[0] ?? '/') : [];
    if (allowed.length > 0) return void reply.status(204).header('Allow', allowed.join(', ')).send();
    // Before the body is read: for a path or a method that is not there, no body is right or wrong.
    problems.answer(new NotFoundException(), request, reply);
  });
  return adapter;
};
