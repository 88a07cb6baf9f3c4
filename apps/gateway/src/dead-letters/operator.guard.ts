import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@wiber/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The token that operators send; empty: nobody is let in. */
export const OPERATOR_TOKEN = Symbol('OPERATOR_TOKEN');

const BEARER = /^Bearer +(\S+)$/i;

/** Lets a request in that has the gateway's OPERATOR_TOKEN as its bearer token. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: string) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    if (this.token === '')
      throw new ProblemError(
        'operator_closed',
        'this gateway has no token for operators; start it with OPERATOR_TOKEN',
      );
    const given = BEARER.exec(http.getRequest<FastifyRequest>().headers.authorization ?? '')?.[1];
    if (given !== undefined && isSame(given, this.token)) return true;
    // RFC 6750, section 3: an error code only for a token that was given.
    const challenge = given === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    void http.getResponse<FastifyReply>().header('WWW-Authenticate', challenge);
    const reason = given === undefined ? 'no bearer token is given' : "the token is not this gateway's";
    throw new ProblemError('unauthorized', `${reason}; send Authorization: Bearer with OPERATOR_TOKEN`);
  }
}

/** Digests have one length, so the time of the comparison says nothing about the token. */
const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
};
