import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import {
  DiscardDto,
  PROBLEMS,
  ProblemDto,
  ReplayDto,
  SendMessageDto,
  VERSION,
  type ProblemCode,
} from '@wiber/contracts';

type Response = { description: string; headers?: Record<string, unknown>; content?: Record<string, unknown> };
type Operation = { parameters?: { in: string }[]; requestBody?: object; responses: Record<string, Response> };

const X_REQUEST_ID = {
  description: 'Names this request; the logs carry it. The one of the request, or a new one.',
  schema: { type: 'string' },
  example: '3f0c2d1e-8a4b-4c7d-9e6f-5a1b2c3d4e5f',
};
const RETRY_AFTER = {
  description: 'Seconds until another try is worth it.',
  schema: { type: 'integer', minimum: 1 },
  example: 1,
};
/** Operations refer to the operator's token by this name. */
export const OPERATOR = 'operator';
const PROBLEM_REF = getSchemaPath(ProblemDto);

/** What any operation may answer besides its own answers. 405 is the answer to a method that is no operation. */
const ANYWHERE: readonly ProblemCode[] = [
  'invalid_request',
  'request_timeout',
  'expectation_failed',
  'headers_too_large',
  'internal_error',
  'server_busy',
];
/** What any operation with names or ids in its path may answer. */
const WITH_PATH: readonly ProblemCode[] = ['not_found', 'uri_too_long'];

/** Each code, with what it means: people read it in Swagger UI, beside the calls. */
const ERRORS = [
  '## Errors',
  'Each is `application/problem+json` with `code`, `detail` (what to do), `correlationId` (the logs have it), and `errors` for bad ' +
    'fields. A 503 has `Retry-After`. Where a retry may succeed, only one under the same `Idempotency-Key` stores nothing twice.',
  '| code | status | meaning | a retry may succeed |\n| --- | --- | --- | --- |\n' +
    Object.entries(PROBLEMS)
      .map(([code, { status, title, retry }]) => `| \`${code}\` | ${status} | ${title} | ${retry ? 'yes' : 'no'} |`)
      .join('\n'),
].join('\n\n');
const CONSOLE = '**[The console](/console)** shows messages flow through the whole system, live.';

/** The OpenAPI 3.1 document of a module. What holds for every answer is added here: its id, and the type of a problem. */
export const describeApi = async (
  module: DynamicModule,
  { hasConsole = true }: { hasConsole?: boolean } = {},
): Promise<OpenAPIObject> => {
  // In preview mode Nest reads the decorators and makes no provider, so the document is there before the app is.
  const preview = await NestFactory.create(module, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const document = SwaggerModule.createDocument(preview, description(hasConsole), { extraModels: [ProblemDto] });
  // Swagger's decorators can't say that unknown fields are refused.
  for (const body of [SendMessageDto, ReplayDto, DiscardDto])
    Object.assign(document.components?.schemas?.[body.name] ?? {}, { additionalProperties: false });
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as Operation[]) completeAnswers(operation);
  }
  return document;
};

const description = (hasConsole: boolean) =>
  new DocumentBuilder()
    .setTitle('Wiber')
    .setDescription(
      [
        'Direct messages over Kafka and MongoDB: acknowledged once durable, stored once, read back in order. ' +
          'Every refusal is application/problem+json (RFC 9457) with a code of a closed list. A path that is not listed ' +
          'is answered 404 not_found, and another method of a listed path 405 method_not_allowed with Allow.',
        ...(hasConsole ? [CONSOLE] : []),
        ERRORS,
      ].join('\n\n'),
    )
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This gateway')
    .addTag('messages', 'Send and read')
    .addTag('dead letters', 'What could not be stored: for operators, with OPERATOR_TOKEN as a bearer token')
    .addTag('stats', 'What the metrics worker has counted')
    .addTag('health', 'Is it alive, is it ready, what does it count')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'OPERATOR_TOKEN of the gateway (RFC 6750).' },
      OPERATOR,
    )
    .setOpenAPIVersion('3.1.0')
    .build();

const completeAnswers = (operation: Operation): void => {
  const hasPath = operation.parameters?.some((parameter) => parameter.in === 'path') ?? false;
  for (const code of [...ANYWHERE, ...(hasPath ? WITH_PATH : [])]) {
    const { status, title } = PROBLEMS[code];
    const content = { 'application/json': { schema: { $ref: PROBLEM_REF } } };
    operation.responses[String(status)] ??= { description: title, content };
  }
  // A probe answers 503 with its state, and the limits of the connections with a problem.
  const unavailable = operation.responses['503'];
  if (unavailable?.content && !isProblem(unavailable))
    unavailable.content['application/problem+json'] = { schema: { $ref: PROBLEM_REF } };
  for (const [status, response] of Object.entries(operation.responses)) {
    response.headers = { ...response.headers, 'X-Request-Id': X_REQUEST_ID };
    if (!isProblem(response)) continue;
    response.content = { 'application/problem+json': { schema: { $ref: PROBLEM_REF } } };
    if (status === '503') response.headers['Retry-After'] = RETRY_AFTER;
  }
};

const isProblem = ({ content }: Response): boolean =>
  (content?.['application/json'] as { schema?: { $ref?: string } } | undefined)?.schema?.$ref === PROBLEM_REF;
