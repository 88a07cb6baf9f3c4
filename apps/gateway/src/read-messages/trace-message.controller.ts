import { Controller, Get, Header, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LamportClock, type MessageTrace } from '@wiber/contracts';
import { MessageReader } from '@wiber/mongo';
import type { FastifyReply } from 'fastify';
import { CAUSAL_HEADER, readCausalToken, writeCausalToken } from '../http/causal.header.ts';
import { whenClientGone } from '../http/client.presence.ts';
import { OPERATOR_TOKEN, isOperator } from '../http/operator.guard.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { readPosition, readTracedId } from './read-messages.request.ts';
import { ApiTrace } from './trace-message.api.ts';
import { TraceMessageService } from './trace-message.service.ts';

@ApiTags('messages')
@Controller()
export class TraceMessageController {
  constructor(
    private readonly service: TraceMessageService,
    private readonly messages: MessageReader,
    private readonly clock: LamportClock,
    @Inject(OPERATOR_TOKEN) private readonly operatorToken: string,
  ) {}

  @Get('messages/:messageId/trace')
  @Header('Vary', `Authorization, ${CAUSAL_HEADER}`)
  // What happens next changes the answer.
  @Header('Cache-Control', 'no-store')
  @ApiTrace()
  async trace(
    @Param('messageId') id: string,
    @Query() raw: RawQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageTrace> {
    const { request } = reply;
    const messageId = readTracedId(id);
    const trace = await this.service.trace({
      messageId,
      position: readPosition(raw),
      seen: readCausalToken(request),
      whenGone: whenClientGone(request),
      isOperator: isOperator(this.operatorToken, request, reply),
    });
    writeCausalToken(reply, { time: this.messages.seen, lamport: this.clock.now });
    return trace;
  }
}
