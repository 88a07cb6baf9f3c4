import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SendMessageDto } from '@wiber/contracts';
import { MessageReader } from '@wiber/mongo';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodyReader } from '../http/body.reader.ts';
import { writeCausalToken } from '../http/causal.header.ts';
import { HttpContract } from '../http/http.contract.ts';
import { readWait } from '../http/prefer.header.ts';
import { messageIdFor } from '../messages/message.id.ts';
import { messageLocation } from '../messages/message.location.ts';
import { KeyedSendService } from './keyed-send.service.ts';
import { ApiSend } from './send-message.api.ts';
import { readIdempotencyKey } from './send-message.request.ts';
import { SendMessageService } from './send-message.service.ts';

@ApiTags('messages')
@Controller('messages')
export class SendMessageController {
  private readonly body: BodyReader<SendMessageDto>;

  constructor(
    private readonly service: SendMessageService,
    private readonly keyed: KeyedSendService,
    private readonly messages: MessageReader,
    @Inject(HttpContract) contract: HttpContract,
  ) {
    this.body = contract.bodyOf(SendMessageDto);
  }

  @Post()
  @ApiSend()
  async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = this.body.read(request.body);
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    const options = { correlationId: request.id, waitS: readWait(request.headers.prefer) };
    const sender = key === undefined ? this.service : this.keyed;
    const { json, messageId, position, stored } = await sender.send(messageIdFor(body.fromUser, key), body, options);
    const isWaitMet = stored && options.waitS !== undefined;
    if (isWaitMet) {
      void reply.header('Preference-Applied', `wait=${options.waitS}`);
      writeCausalToken(reply, this.messages.seen);
    }
    void reply
      .status(isWaitMet ? 201 : 202)
      .header('Location', messageLocation(messageId, position))
      .header('Content-Type', 'application/json; charset=utf-8')
      .send(json);
  }
}
