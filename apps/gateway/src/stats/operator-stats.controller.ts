import { Controller, Get, Header, Query, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OperatorGuard } from '../http/operator.guard.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { ApiBusiest, ApiClocks, ApiServers } from './operator-stats.api.ts';
import { OperatorStatsService } from './operator-stats.service.ts';
import { StatsAnswers, type Asked } from './stats.answers.ts';
import { sendJson } from './stats.reply.ts';
import { readBusiestQuery, readNoQuery } from './stats.request.ts';

/** The figures that name users or machines: not everybody who may send messages may see them. */
@ApiTags('stats')
@Controller('stats')
@UseGuards(OperatorGuard)
export class OperatorStatsController {
  constructor(
    private readonly service: OperatorStatsService,
    private readonly answers: StatsAnswers,
  ) {}

  @Get('busiest')
  @Header('Cache-Control', 'no-store')
  @ApiBusiest()
  async busiest(@Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const query = readBusiestQuery(raw);
    const asked: Asked = { nameAt: (progress) => this.service.nameOf(query, progress), turns: 'operators' };
    sendJson(reply, await this.answers.json(asked, (...counted) => this.service.conversations(query, ...counted)));
  }

  @Get('servers')
  @Header('Cache-Control', 'no-store')
  @ApiServers()
  async servers(@Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    readNoQuery(raw);
    sendJson(reply, await this.answers.look('servers', (limits) => this.service.seen(limits)));
  }

  @Get('clocks')
  @Header('Cache-Control', 'no-store')
  @ApiClocks()
  async clocks(@Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    readNoQuery(raw);
    sendJson(reply, await this.answers.look('clocks', (limits) => this.service.seenClocks(limits)));
  }
}
