import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageStore } from '@wiber/mongo';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyValidator, invalid } from '../http/body.reader.ts';
import { tellCausal } from '../http/causal.header.ts';
import { waitOf } from '../http/prefer.header.ts';
import { KeyedSendService } from './keyed-send.service.ts';
import { messageIdFor } from '../messages/message.id.ts';
import { ApiSend, KEY } from './send-message.api.ts';
import { SendMessageService } from './send-message.service.ts';

@ApiTags('messages')
@Controller('messages')
export class SendMessageController {
  constructor(
    private readonly service: SendMessageService,
    private readonly keyed: KeyedSendService,
    private readonly store: MessageStore,
    @Inject(BodyValidator) private readonly validator: BodyValidator,
  ) {}

  @Post()
  @ApiSend()
  async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = this.validator.parse(request.body);
    const key = keyOf(request.headers['idempotency-key']);
    const options = { correlationId: request.id, waitS: waitOf(request.headers.prefer) };
    const messageId = messageIdFor(body.fromUser, key);
    const sender = key === undefined ? this.service : this.keyed;
    const { json, position, stored } = await sender.send(messageId, body, options);
    const applied = stored && options.waitS !== undefined;
    if (applied) {
      void reply.header('Preference-Applied', `wait=${options.waitS}`);
      tellCausal(reply, this.store.seen);
    }
    const at = position && position.offset >= 0 ? `?partition=${position.partition}&offset=${position.offset}` : '';
    void reply
      .status(applied ? 201 : 202)
      .header('Location', `/messages/${messageId}${at}`)
      .header('Content-Type', 'application/json; charset=utf-8')
      .send(json);
  }
}

const keyOf = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw invalid([{ field: 'Idempotency-Key', message: 'must be given once, 1 to 255 visible ASCII characters' }]);
};
