import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BODY_MAX_BYTES, ProblemError, problemOf, type ProblemCode } from '@wiber/contracts';
import { NotSentError, OutcomeUnknownError } from '@wiber/kafka';
import { MessageUnreadableError, StoreBehindError, StoreUnavailableError } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpContract } from './http.contract.ts';
import { requestFacts } from './request.facts.ts';

type Known = readonly [code: ProblemCode, detail: string];

const TOO_LARGE: Known = ['body_too_large', `a body may have at most ${BODY_MAX_BYTES} bytes; send less`];
const MEDIA_TYPE: Known = ['unsupported_media_type', 'send the body as application/json'];

const FASTIFY_CODES: Record<string, Known> = {
  FST_ERR_CTP_BODY_TOO_LARGE: TOO_LARGE,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'malformed_json',
    'the body is not as long as its Content-Length says; send the right length',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: MEDIA_TYPE,
  FST_ERR_BAD_URL: ['invalid_request', 'the path is not well percent-encoded; encode each name as UTF-8'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'a part of the path is longer than any name; shorten it'],
};

/** Of a refused body at most so many bytes are read and dropped, so that the connection can go on. */
const DROPPED_MAX_BYTES = 16 * 1024 * 1024;

/** What would be accepted instead (RFC 9110, sections 12.5.1, 12.5.3 and 15.5.16). */
const ACCEPTED: Partial<Record<ProblemCode, readonly [header: string, value: string]>> = {
  unsupported_media_type: ['Accept', 'application/json'],
  unsupported_encoding: ['Accept-Encoding', 'identity'],
};

export interface ProblemFilterOptions {
  contract: Pick<HttpContract, 'allowedMethods'>;
  logger: Pick<WiberLogger, 'error'>;
  /** Called for each problem, with the pattern of its route. */
  onRefused: (code: ProblemCode, route: string) => void;
}

/** The one place where an error becomes an answer (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly options: ProblemFilterOptions;

  constructor(options: ProblemFilterOptions) {
    this.options = options;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Nest calls `catch` only behind a route. Fastify calls this for what it refuses before, such as a malformed path. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.problemOf(error, request, reply);
    this.options.onRefused(problem.code, request.routeOptions?.url ?? 'unrouted');
    // message_unreadable is logged where it is found: once for each document, and not for each read.
    if (problem.code === 'internal_error')
      this.options.logger.error(
        { error, ...requestFacts(request), route: request.routeOptions?.url },
        'a request failed',
      );
    // Fastify would close the connection for each refused body: requests behind it would be taken and not answered.
    if (endsSoon(request)) void reply.removeHeader('Connection');
    if (problem.retryAfterS !== undefined) void reply.header('Retry-After', String(problem.retryAfterS));
    const accepted = ACCEPTED[problem.code];
    if (accepted) void reply.header(...accepted);
    void reply
      .status(problem.status)
      .header('Content-Type', 'application/problem+json')
      // A cache may keep a 404 (RFC 9111, section 4.2.2), but a pending message is there a moment later.
      .header('Cache-Control', 'no-store')
      .header('X-Request-Id', request.id)
      // Bytes: Fastify would add a charset to a string, and this media type has none (RFC 8259, section 11).
      .send(Buffer.from(JSON.stringify(problemOf(problem, request.id))));
  }

  private problemOf(error: unknown, request: FastifyRequest, reply: FastifyReply): ProblemError {
    if (error instanceof ProblemError) return error;
    return adapterProblem(error) ?? this.httpProblem(error, request, reply);
  }

  private httpProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): ProblemError {
    const known = FASTIFY_CODES[(error as { code?: string }).code ?? ''];
    if (known) return new ProblemError(...known, { cause: error });
    const isNest = error instanceof HttpException;
    const status = isNest ? error.getStatus() : ((error as { statusCode?: number }).statusCode ?? 500);
    if (isNest && status === 404) return this.notFound(request, reply);
    // Nest keeps the status of a Fastify error and drops its code. Nest itself refuses with 400 only a body that is no JSON.
    if (isNest && status === 400)
      return new ProblemError('malformed_json', `send one JSON object as the body: ${error.message}`, { cause: error });
    if (status === 413) return new ProblemError(...TOO_LARGE, { cause: error });
    if (status === 415) return new ProblemError(...MEDIA_TYPE, { cause: error });
    if (status >= 400 && status < 500)
      return new ProblemError('invalid_request', (error as Error).message, { cause: error });
    return new ProblemError('internal_error', 'the failure is logged under this correlationId', { cause: error });
  }

  private notFound(request: FastifyRequest, reply: FastifyReply): ProblemError {
    const path = request.url.split('?')[0] ?? '/';
    const allowed = this.options.contract.allowedMethods(path);
    if (allowed.length === 0) return new ProblemError('not_found', `${path} is not an address here; see /docs`);
    void reply.header('Allow', allowed.join(', '));
    return new ProblemError('method_not_allowed', `${path} takes ${allowed.join(', ')}`);
  }
}

/** True when the whole request is here, or its body has a known end that is not far. */
const endsSoon = ({ raw }: FastifyRequest): boolean =>
  raw.complete || Number(raw.headers['content-length']) <= DROPPED_MAX_BYTES;

/** What libs/kafka and libs/mongo throw. */
const adapterProblem = (error: unknown): ProblemError | undefined => {
  if (error instanceof NotSentError || error instanceof OutcomeUnknownError || error instanceof StoreUnavailableError) {
    const retryAfterS = Math.max(1, Math.ceil((error.retryAfterMs ?? 0) / 1000));
    return new ProblemError(error.code, error.message, { cause: error, retryAfterS });
  }
  if (error instanceof StoreBehindError || error instanceof MessageUnreadableError)
    return new ProblemError(error.code, error.message, { cause: error });
  return undefined;
};
