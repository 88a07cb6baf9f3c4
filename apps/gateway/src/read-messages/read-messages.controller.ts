import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LamportClock, type CountDto, type MessageDto } from '@wiber/contracts';
import { MessageReader } from '@wiber/mongo';
import type { FastifyReply } from 'fastify';
import { CAUSAL_HEADER, readCausalToken, writeCausalToken } from '../http/causal.header.ts';
import { whenClientGone } from '../http/client.presence.ts';
import { pageLinks } from '../http/page.links.ts';
import { readWait } from '../http/prefer.header.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { FindMessageService, foundMessage } from './find-message.service.ts';
import { KEPT_IN_LINKS, readPageQuery } from './page.query.ts';
import { ApiConversation, ApiCount, ApiOne, ApiUserMessages } from './read-messages.api.ts';
import {
  readCountQuery,
  readMessageId,
  readPosition,
  readUserPageQuery,
  readUsername,
} from './read-messages.request.ts';
import { ReadMessagesService, type Page } from './read-messages.service.ts';

@ApiTags('messages')
@Controller()
export class ReadMessagesController {
  constructor(
    private readonly service: ReadMessagesService,
    private readonly finder: FindMessageService,
    private readonly messages: MessageReader,
    private readonly clock: LamportClock,
  ) {}

  @Get('messages/count')
  @Header('Vary', CAUSAL_HEADER)
  @ApiCount()
  async count(@Query() raw: RawQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<CountDto> {
    const users = readCountQuery(raw);
    const count = await this.service.count({ ...users, seen: readCausalToken(reply.request) });
    this.writeToken(reply);
    return { count, ...users };
  }

  @Get('messages/:messageId')
  // Prefer: wait may change the answer.
  @Header('Vary', `Prefer, ${CAUSAL_HEADER}`)
  @ApiOne()
  async one(
    @Param('messageId') id: string,
    @Query() raw: RawQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageDto> {
    const messageId = readMessageId(id);
    const position = readPosition(raw);
    const waitS = readWait(reply.request.headers.prefer);
    const seen = readCausalToken(reply.request);
    const whenGone = whenClientGone(reply.request);
    const found = await this.finder.find({ messageId, position, waitS, seen, whenGone });
    this.writeToken(reply);
    return foundMessage(found, messageId);
  }

  @Get('messages/:user1/:user2')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Vary', CAUSAL_HEADER)
  @ApiConversation()
  async conversation(
    @Param() users: { user1: string; user2: string },
    @Query() raw: RawQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const user1 = readUsername('user1', users.user1);
    const user2 = readUsername('user2', users.user2);
    const query = readPageQuery(raw, { order: 'asc' });
    const page = await this.service.conversation(user1, user2, { ...query, seen: readCausalToken(reply.request) });
    this.answer(reply, page, { path: `/messages/${encodeURIComponent(user1)}/${encodeURIComponent(user2)}`, raw });
  }

  @Get('users/:user/messages')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Vary', CAUSAL_HEADER)
  @ApiUserMessages()
  async ofUser(@Param('user') name: string, @Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const user = readUsername('user', name);
    const query = readUserPageQuery(raw);
    const page = await this.service.ofUser(user, { ...query, seen: readCausalToken(reply.request) });
    this.answer(reply, page, { path: `/users/${encodeURIComponent(user)}/messages`, raw });
  }

  /** After the read: the token is of all that the answer shows. */
  private writeToken(reply: FastifyReply): void {
    writeCausalToken(reply, { time: this.messages.seen, lamport: this.clock.now });
  }

  private answer(reply: FastifyReply, page: Page, { path, raw }: { path: string; raw: RawQuery }): void {
    this.writeToken(reply);
    const links = pageLinks({ path, query: raw, kept: KEPT_IN_LINKS }, page);
    if (links !== undefined) void reply.header('Link', links);
    void reply.header('Content-Type', 'application/json; charset=utf-8').send(page.json);
  }
}
