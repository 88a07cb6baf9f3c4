import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@wiber/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The token that operators send; empty: nobody is let in. */
export const OPERATOR_TOKEN = Symbol('OPERATOR_TOKEN');

const BEARER = /^Bearer +(\S+)$/i;

/** The calls about dead letters. */
export const OPERATOR_PATH = '/dead-letters';
/** Every call for operators is one of these paths or under one. */
const OPERATOR_PATHS = [OPERATOR_PATH, '/stats/busiest', '/stats/servers', '/stats/clocks'];

/** Lets a request in that has the gateway's OPERATOR_TOKEN as its bearer token. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: string) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    admit(this.token, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return true;
  }
}

/**
 * Refuses strangers before the body of their request is read. Nest calls a guard after that, so a stranger would learn what
 * is wrong with the body. Only the routes of operators get the hook.
 */
export const guardOperatorRoutes = (fastify: Pick<FastifyInstance, 'addHook'>, token: string): void => {
  fastify.addHook('onRoute', (route) => {
    if (!OPERATOR_PATHS.some((path) => route.url === path || route.url.startsWith(`${path}/`))) return;
    route.onRequest = (request, reply, done) => {
      admit(token, request, reply);
      done();
    };
  });
};

/** A proxy in front may ask for another scheme. */
const IS_BEARER = /^Bearer\b/i;

/**
 * Whether an operator asks for what others may ask for too. Who sends no bearer token is none.
 * @throws ProblemError operator_closed, unauthorized for a token that is not this gateway's
 */
export const isOperator = (token: string, request: FastifyRequest, reply: FastifyReply): boolean => {
  if (!IS_BEARER.test(request.headers.authorization ?? '')) return false;
  admit(token, request, reply);
  return true;
};

/** @throws ProblemError operator_closed, unauthorized */
const admit = (token: string, request: FastifyRequest, reply: FastifyReply): void => {
  if (token === '')
    throw new ProblemError('operator_closed', 'this gateway has no token for operators; start it with OPERATOR_TOKEN');
  const given = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (given !== undefined && isSame(given, token)) return;
  // RFC 6750, section 3: an error code only for a token that was given.
  const challenge = given === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
  void reply.header('WWW-Authenticate', challenge);
  const reason = given === undefined ? 'no bearer token is given' : "the token is not this gateway's";
  throw new ProblemError('unauthorized', `${reason}; send Authorization: Bearer with OPERATOR_TOKEN`);
};

/** Digests have one length, so the time of the comparison says nothing about the token. */
const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
};
