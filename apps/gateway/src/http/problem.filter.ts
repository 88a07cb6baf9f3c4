import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BODY_MAX_BYTES, ProblemError, problemOf, type ProblemCode } from '@wiber/contracts';
import { NotSentError, OutcomeUnknownError } from '@wiber/kafka';
import { StoreBehindError, StoreUnavailableError } from '@wiber/mongo';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGER } from '../gateway.logger.ts';
import { allowedMethods } from './route.table.ts';

const TOO_LARGE = ['body_too_large', `a body may have at most ${BODY_MAX_BYTES} bytes; send less`] as const;
const MEDIA_TYPE = ['unsupported_media_type', 'send the body as application/json'] as const;

const FASTIFY_CODES: Record<string, readonly [ProblemCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: TOO_LARGE,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_json', 'the body and its Content-Length differ; send both alike'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: MEDIA_TYPE,
  FST_ERR_BAD_URL: ['invalid_request', 'the path is not well percent-encoded; encode each name as UTF-8'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'a part of the path is longer than any name; shorten it'],
};

/** The one place where an error becomes an answer, RFC 9457. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** Told of every problem that is answered, with the route's pattern. */
  onRefused: (code: ProblemCode, route: string) => void = () => undefined;

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for what Fastify refuses before it has a route, such as a path that can't be decoded. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.problemFor(error, request, reply);
    this.onRefused(problem.code, request.routeOptions?.url ?? 'unrouted');
    if (problem.status === 500)
      LOGGER.error({ error, correlationId: request.id, url: request.url }, 'a request failed');
    if (problem.retryAfterS !== undefined) void reply.header('Retry-After', String(problem.retryAfterS));
    void reply
      .status(problem.status)
      .header('Content-Type', 'application/problem+json')
      // A 404 may be kept by caches on their own judgement (RFC 9111, section 4.2.2); a pending message soon is there.
      .header('Cache-Control', 'no-store')
      .header('X-Request-Id', request.id)
      // Bytes: to a string Fastify would add a charset, which this media type does not have (RFC 8259, section 11).
      .send(Buffer.from(JSON.stringify(problemOf(problem, request.id))));
  }

  private problemFor(error: unknown, request: FastifyRequest, reply: FastifyReply): ProblemError {
    if (error instanceof ProblemError) return error;
    if (error instanceof NotSentError || error instanceof StoreUnavailableError) {
      const retryAfterS = Math.max(1, Math.ceil((error.retryAfterMs ?? 0) / 1000));
      return new ProblemError(error.code, error.message, { cause: error, retryAfterS });
    }
    if (error instanceof OutcomeUnknownError || error instanceof StoreBehindError)
      return new ProblemError(error.code, error.message, { cause: error });
    const known = FASTIFY_CODES[(error as { code?: string }).code ?? ''];
    if (known) return new ProblemError(...known, { cause: error });
    if (error instanceof HttpException && error.getStatus() === 404) return this.notFound(request, reply);
    const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    // Nest keeps a Fastify error's status and drops its code; what it refuses with 400 is a body that does not parse.
    if (error instanceof HttpException && status === 400) {
      return new ProblemError('malformed_json', `send one JSON object as the body: ${error.message}`, { cause: error });
    }
    if (status === 413) return new ProblemError(...TOO_LARGE, { cause: error });
    if (status === 415) return new ProblemError(...MEDIA_TYPE, { cause: error });
    if (status && status >= 400 && status < 500) {
      return new ProblemError('invalid_request', (error as Error).message, { cause: error });
    }
    return new ProblemError('internal_error', 'the failure is logged under this correlationId', { cause: error });
  }

  private notFound(request: FastifyRequest, reply: FastifyReply): ProblemError {
    const path = request.url.split('?')[0] ?? '/';
    const allowed = allowedMethods(path);
    if (allowed.length === 0) return new ProblemError('not_found', `${path} is not an address here; see /docs`);
    void reply.header('Allow', allowed.join(', '));
    return new ProblemError('method_not_allowed', `${path} takes ${allowed.join(', ')}`);
  }
}
