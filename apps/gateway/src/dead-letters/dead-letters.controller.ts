import { Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  DiscardDto,
  ReplayDto,
  type DeadLetterDto,
  type DeadLetterStateDto,
  type DeadLetterSummaryDto,
} from '@wiber/contracts';
import { spanOf } from '@wiber/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_ENV } from '../gateway.env.ts';
import type { BodyReader } from '../http/body.reader.ts';
import { HttpContract } from '../http/http.contract.ts';
import { pageLinks } from '../http/page.links.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { traceHeaders } from '../http/trace.headers.ts';
import { ApiDiscardLetter, ApiListLetters, ApiReplayLetter, ApiShowLetter } from './dead-letters.api.ts';
import { DeadLettersService } from './dead-letters.service.ts';
import { KEPT_IN_LINKS, readLetterId, readLetterQuery, readOperator } from './letter.request.ts';
import { letterOf, locationOf, stateOf } from './letter.view.ts';
import { OPERATOR_PATH, OperatorGuard } from '../http/operator.guard.ts';
import { ReplayService } from './replay.service.ts';

const { topic } = GATEWAY_ENV;

@ApiTags('dead letters')
@Controller(OPERATOR_PATH)
@UseGuards(OperatorGuard)
export class DeadLettersController {
  private readonly replayBody: BodyReader<ReplayDto>;
  private readonly discardBody: BodyReader<DiscardDto>;

  constructor(
    private readonly service: DeadLettersService,
    private readonly replays: ReplayService,
    @Inject(HttpContract) contract: HttpContract,
  ) {
    this.replayBody = contract.bodyOf(ReplayDto);
    this.discardBody = contract.bodyOf(DiscardDto);
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiListLetters()
  async list(@Query() raw: RawQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<DeadLetterSummaryDto[]> {
    const { letters, next } = await this.service.page(readLetterQuery(raw));
    const links = pageLinks({ path: '/dead-letters', query: raw, kept: KEPT_IN_LINKS }, { next });
    if (links !== undefined) void reply.header('Link', links);
    return letters;
  }

  @Get(':id')
  @Header('Cache-Control', 'no-store')
  @ApiShowLetter()
  async show(@Param('id') id: string): Promise<DeadLetterDto> {
    return letterOf(await this.service.find(readLetterId(id, topic)));
  }

  @Post(':id/replay')
  @HttpCode(200)
  @ApiReplayLetter()
  async replay(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeadLetterStateDto> {
    const place = readLetterId(id, topic);
    const who = readOperator(request.headers['x-operator']);
    const operator = { who, correlationId: request.id, ...traceHeaders(request.headers), span: spanOf(request) };
    const letter = await this.replays.replay(place, this.replayBody.read(request.body), operator);
    void reply.header('Location', locationOf(letter));
    return stateOf(letter);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiDiscardLetter()
  async discard(@Param('id') id: string, @Req() request: FastifyRequest): Promise<DeadLetterStateDto> {
    const place = readLetterId(id, topic);
    const who = readOperator(request.headers['x-operator']);
    const { note } = this.discardBody.read(request.body);
    return stateOf(await this.service.discard(place, { who, note }));
  }
}
