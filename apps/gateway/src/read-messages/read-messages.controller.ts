import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CountDto, MessageDto, ProblemError, isMessageId, type FieldError } from '@wiber/contracts';
import { StoredPositions } from '@wiber/kafka';
import { MessageStore, StoreBreaker } from '@wiber/mongo';
import type { FastifyReply } from 'fastify';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { invalid } from '../http/body.reader.ts';
import { CAUSAL_HEADER, CAUSAL_TOKEN, seenBy, tellCausal } from '../http/causal.header.ts';
import { waitOf } from '../http/prefer.header.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { readPageQuery, readUsername } from './page.query.ts';
import { ApiCausal, ApiOne, ApiPage, VARY } from './read-messages.api.ts';
import { ReadMessagesService, type Page } from './read-messages.service.ts';

@ApiTags('messages')
@Controller()
export class ReadMessagesController {
  constructor(
    private readonly service: ReadMessagesService,
    private readonly store: MessageStore,
    private readonly reads: StoreBreaker,
    private readonly positions: StoredPositions,
  ) {}

  @Get('messages/count')
  @Header('Vary', CAUSAL_HEADER)
  @ApiOperation({ summary: 'Count stored messages: of a conversation, of a user, or all' })
  @ApiQuery({ name: 'user1', required: false, type: String, example: 'alice', description: 'One user.' })
  @ApiQuery({ name: 'user2', required: false, type: String, example: 'bob', description: 'The other.' })
  @ApiResponse({
    status: 200,
    type: CountDto,
    description: 'How many.',
    headers: { [CAUSAL_HEADER]: CAUSAL_TOKEN, Vary: VARY },
  })
  @ApiCausal()
  async count(@Query() query: RawQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<CountDto> {
    const user1 = optionalUser('user1', query);
    const user2 = optionalUser('user2', query);
    refuseUnknown(query, ['user1', 'user2']);
    const seen = seenBy(reply.request);
    const count = await this.service.count({ user1, user2, seen });
    this.tellSeen(reply);
    return { count, user1, user2 };
  }

  @Get('messages/:messageId')
  // A wait may change the answer; a 404 is never kept by a cache.
  @Header('Vary', `Prefer, ${CAUSAL_HEADER}`)
  @ApiOperation({ summary: 'One message' })
  @ApiOne()
  async one(
    @Param('messageId') messageId: string,
    @Query() query: RawQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageDto> {
    if (!isMessageId(messageId)) throw invalid([{ field: 'messageId', message: 'must be a UUID in lower case' }]);
    refuseUnknown(query, ['partition', 'offset']);
    const position = positionOf(query);
    const after = seenBy(reply.request);
    const waitS = waitOf(reply.request.headers.prefer) ?? 0;
    // Asked before the store: a message not found after ingest passed it never will be.
    const passed = position && (await this.positions.waitFor(position, Math.max(waitS * 1000, 1)));
    const within = { maxTimeMS: GATEWAY_ENV.readDeadlineMs, after };
    const message = await this.reads.run(() => this.store.findById(messageId, within));
    this.tellSeen(reply);
    if (message) return message;
    if (position && !passed) {
      throw new ProblemError('message_pending', 'it is accepted and not stored yet; ask again', { retryAfterS: 1 });
    }
    throw new ProblemError('message_not_found', `no stored message has the id ${messageId}`);
  }

  @Get('messages/:user1/:user2')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Vary', CAUSAL_HEADER)
  @ApiOperation({ summary: 'A page of a conversation, oldest first' })
  @ApiParam({ name: 'user1', type: String, example: 'alice', description: 'One user.' })
  @ApiParam({ name: 'user2', type: String, example: 'bob', description: 'The other.' })
  @ApiQuery({
    name: 'sort',
    required: false,
    enum: ['timestamp', 'log'],
    description: 'By time, or by the order of the log, which never rearranges.',
  })
  @ApiPage()
  async conversation(
    @Param() users: { user1: string; user2: string },
    @Query() raw: RawQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const user1 = readUsername('user1', users.user1);
    const user2 = readUsername('user2', users.user2);
    const query = readPageQuery(raw, { order: 'asc' });
    const page = await this.service.conversation(user1, user2, { ...query, seen: seenBy(reply.request) });
    this.tellSeen(reply);
    answer(reply, page, { path: `/messages/${encodeURIComponent(user1)}/${encodeURIComponent(user2)}`, raw });
  }

  @Get('users/:user/messages')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Vary', CAUSAL_HEADER)
  @ApiOperation({ summary: 'What a user sent or got, newest first' })
  @ApiParam({ name: 'user', type: String, example: 'alice', description: 'The user.' })
  @ApiPage()
  async ofUser(@Param('user') name: string, @Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const user = readUsername('user', name);
    if (raw['sort'] !== undefined) throw invalid([{ field: 'sort', message: 'is always by time here; take it out' }]);
    const query = readPageQuery(raw, { order: 'desc' });
    const page = await this.service.ofUser(user, { ...query, seen: seenBy(reply.request) });
    this.tellSeen(reply);
    answer(reply, page, { path: `/users/${encodeURIComponent(user)}/messages`, raw });
  }

  private tellSeen(reply: FastifyReply): void {
    tellCausal(reply, this.store.seen);
  }
}

const answer = (reply: FastifyReply, page: Page, { path, raw }: { path: string; raw: RawQuery }): void => {
  const links = (['next', 'prev'] as const).flatMap((rel) => {
    const cursor = page[rel];
    if (cursor === undefined) return [];
    const query = new URLSearchParams();
    for (const field of ['limit', 'sort', 'order']) if (typeof raw[field] === 'string') query.set(field, raw[field]);
    query.set(rel === 'next' ? 'after' : 'before', cursor);
    return [`<${path}?${query}>; rel="${rel}"`];
  });
  if (links.length > 0) void reply.header('Link', links.join(', '));
  void reply.header('Content-Type', 'application/json; charset=utf-8').send(page.json);
};

const optionalUser = (field: string, query: RawQuery): string | undefined => {
  const value = query[field];
  if (Array.isArray(value)) throw invalid([{ field, message: 'may be given once' }]);
  return value === undefined ? undefined : readUsername(field, value);
};

const refuseUnknown = (query: RawQuery, known: string[]): void => {
  const errors: FieldError[] = Object.keys(query)
    .filter((field) => !known.includes(field))
    .map((field) => ({ field, message: 'is not a known parameter; take it out' }));
  if (errors.length > 0) throw invalid(errors);
};

const positionOf = ({ partition, offset }: RawQuery): { partition: number; offset: number } | undefined => {
  if (partition === undefined && offset === undefined) return undefined;
  const whole = /^\d{1,15}$/;
  if (typeof partition === 'string' && typeof offset === 'string' && whole.test(partition) && whole.test(offset)) {
    return { partition: Number(partition), offset: Number(offset) };
  }
  throw invalid([{ field: 'partition', message: 'and offset must both be whole numbers, as Location gave them' }]);
};
