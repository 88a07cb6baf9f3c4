import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LamportClock, SendMessageDto } from '@wiber/contracts';
import { MessageReader } from '@wiber/mongo';
import { spanOf } from '@wiber/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_ENV } from '../gateway.env.ts';
import type { BodyReader } from '../http/body.reader.ts';
import { readSeenLamport, writeCausalToken } from '../http/causal.header.ts';
import { whenClientGone } from '../http/client.presence.ts';
import { HttpContract } from '../http/http.contract.ts';
import { readWait } from '../http/prefer.header.ts';
import { ClientTimes } from '../messages/client.times.ts';
import { traceHeaders } from '../http/trace.headers.ts';
import { messageIdFor } from '../messages/message.id.ts';
import { messageLocation } from '../messages/message.location.ts';
import { DEAD_LETTERED, MESSAGE_STATE } from '../messages/message.state.ts';
import { KeyedSendService } from './keyed-send.service.ts';
import { ApiSend } from './send-message.api.ts';
import { readIdempotencyKey } from './idempotency.key.ts';
import { SendMessageService } from './send-message.service.ts';

/** Where messages are sharded by conversation, a key counts for one recipient: another one is in another conversation. */
const IS_KEY_FOR_RECIPIENT = GATEWAY_ENV.shardKey !== 'none';

@ApiTags('messages')
@Controller('messages')
export class SendMessageController {
  private readonly body: BodyReader<SendMessageDto>;

  constructor(
    private readonly service: SendMessageService,
    private readonly keyed: KeyedSendService,
    private readonly messages: MessageReader,
    private readonly clock: LamportClock,
    private readonly times: ClientTimes,
    @Inject(HttpContract) contract: HttpContract,
  ) {
    this.body = contract.bodyOf(SendMessageDto);
  }

  @Post()
  @ApiSend()
  async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = this.body.read(request.body);
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    const waitS = readWait(request.headers.prefer);
    const whenGone = waitS ? whenClientGone(request) : undefined;
    const { traceparent, tracestate } = traceHeaders(request.headers);
    const span = spanOf(request);
    const options = { correlationId: request.id, traceparent, tracestate, span, waitS, whenGone };
    this.times.follow(readSeenLamport(request));
    const sender = key === undefined ? this.service : this.keyed;
    const messageId = messageIdFor(body.fromUser, key, IS_KEY_FOR_RECIPIENT ? body.toUser : undefined);
    const sent = await sender.send(messageId, body, options);
    const isWaitMet = sent.stored && waitS !== undefined;
    if (isWaitMet) {
      void reply.header('Preference-Applied', `wait=${waitS}`);
      writeCausalToken(reply, { time: this.messages.seen, lamport: this.clock.now });
    } else if (sent.isDeadLetter) void reply.header(MESSAGE_STATE, DEAD_LETTERED);
    void reply
      .status(isWaitMet ? 201 : 202)
      .header('Location', messageLocation(sent.messageId, sent.position))
      .header('Content-Type', 'application/json; charset=utf-8')
      .send(sent.json);
  }
}
