import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { MessageDto, ProblemDto, SendMessageDto } from '@wiber/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyValidator, invalid } from '../http/body.validator.ts';
import { waitOf } from '../http/prefer.header.ts';
import { SendMessageService } from './send-message.service.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
const problem = (description: string) => ({ type: ProblemDto, description });

@ApiTags('messages')
@Controller('messages')
export class SendMessageController {
  constructor(
    private readonly service: SendMessageService,
    @Inject(BodyValidator) private readonly validator: BodyValidator,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Send a message', description: 'Answers once every in-sync replica has it.' })
  @ApiBody({ type: SendMessageDto })
  @ApiHeader({
    name: 'Prefer',
    required: false,
    example: 'wait=5',
    description: 'Wait up to N s until it is readable (RFC 7240).',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 255 visible ASCII characters. Same sender and key: same message.',
  })
  @ApiHeader({ name: 'X-Request-Id', required: false, description: 'Comes back, and is in the logs.' })
  @ApiResponse({ status: 202, type: MessageDto, description: 'Durable in Kafka.' })
  @ApiResponse({ status: 201, type: MessageDto, description: 'Stored and readable; Preference-Applied says so.' })
  @ApiResponse({ status: 400, ...problem('invalid_request or malformed_json') })
  @ApiResponse({ status: 409, ...problem('idempotency_conflict') })
  @ApiResponse({ status: 413, ...problem('body_too_large') })
  @ApiResponse({ status: 415, ...problem('unsupported_media_type') })
  @ApiResponse({ status: 503, ...problem('overloaded, log_unavailable or outcome_unknown; Retry-After says when') })
  async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = this.validator.parse(request.body);
    const idempotencyKey = keyOf(request.headers['idempotency-key']);
    const waitS = waitOf(request.headers.prefer);
    const result = await this.service.send({ body, idempotencyKey, waitS, correlationId: request.id });
    const applied = waitS !== undefined && result.stored;
    if (applied) void reply.header('Preference-Applied', `wait=${waitS}`);
    const at = result.position && result.position.offset >= 0 ? result.position : undefined;
    const query = at ? `?partition=${at.partition}&offset=${at.offset}` : '';
    void reply
      .status(applied ? 201 : 202)
      .header('Location', `/messages/${result.messageId}${query}`)
      .header('Content-Type', 'application/json; charset=utf-8')
      .send(result.json);
  }
}

const keyOf = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw invalid([{ field: 'Idempotency-Key', message: 'must have 1 to 255 visible ASCII characters' }]);
};
