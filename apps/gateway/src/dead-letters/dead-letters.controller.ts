import { Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { DeadLetterDto, DeadLetterStateDto, DeadLetterSummaryDto } from '@wiber/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { BodyValidator } from '../http/body.reader.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { ApiDiscardLetter, ApiListLetters, ApiReplayLetter, ApiShowLetter } from './dead-letters.api.ts';
import { DeadLettersService } from './dead-letters.service.ts';
import { readDiscard, readLetterId, readLetterQuery, readOperator, readReplay } from './letter.request.ts';
import { letterOf, stateOf } from './letter.view.ts';
import { OperatorGuard } from './operator.guard.ts';
import { ReplayService } from './replay.service.ts';

const { topic } = GATEWAY_ENV;

@ApiTags('dead letters')
@Controller('dead-letters')
@UseGuards(OperatorGuard)
export class DeadLettersController {
  constructor(
    private readonly service: DeadLettersService,
    private readonly replays: ReplayService,
    @Inject(BodyValidator) private readonly validator: BodyValidator,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiListLetters()
  async list(@Query() raw: RawQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<DeadLetterSummaryDto[]> {
    const { letters, next } = await this.service.page(readLetterQuery(raw));
    if (next !== undefined) {
      const query = new URLSearchParams();
      for (const field of ['reason', 'state', 'limit'])
        if (typeof raw[field] === 'string') query.set(field, raw[field]);
      query.set('after', next);
      void reply.header('Link', `</dead-letters?${query}>; rel="next"`);
    }
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
    const operator = { who: readOperator(request.headers['x-operator']), correlationId: request.id };
    const body = readReplay(request.body, this.validator);
    const state = stateOf(await this.replays.replay(place, body, operator));
    const at = state.offset === undefined ? '' : `?partition=${state.partition}&offset=${state.offset}`;
    void reply.header('Location', `/messages/${state.messageId}${at}`);
    return state;
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiDiscardLetter()
  async discard(@Param('id') id: string, @Req() request: FastifyRequest): Promise<DeadLetterStateDto> {
    const place = readLetterId(id, topic);
    const who = readOperator(request.headers['x-operator']);
    return stateOf(await this.service.discard(place, { who, note: readDiscard(request.body).note }));
  }
}
