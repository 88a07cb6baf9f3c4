import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@wiber/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_ENV } from '../gateway.env.ts';

const BEARER = /^Bearer +(\S+)$/i;

/** Lets an operator in who carries OPERATOR_TOKEN. Without such a token nobody is let in. */
@Injectable()
export class OperatorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { operatorToken } = GATEWAY_ENV;
    if (operatorToken === '')
      throw new ProblemError(
        'operator_closed',
        'this gateway has no token for operators; start it with OPERATOR_TOKEN',
      );
    const given = BEARER.exec(http.getRequest<FastifyRequest>().headers.authorization ?? '')?.[1];
    if (given !== undefined && isSame(given, operatorToken)) return true;
    // RFC 6750, section 3: an error code only for a token that was given.
    const challenge = given === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    void http.getResponse<FastifyReply>().header('WWW-Authenticate', challenge);
    const wrong = given === undefined ? 'no bearer token is given' : 'the token is not the one of this gateway';
    throw new ProblemError('unauthorized', `${wrong}; send Authorization: Bearer with OPERATOR_TOKEN`);
  }
}

/** Digests have one length, and comparing them takes one time whatever was guessed. */
const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
};
