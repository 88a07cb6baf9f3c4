import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { LeaderDto } from '@wiber/contracts';
import type { FastifyReply } from 'fastify';
import type { RawQuery } from '../http/query.fields.ts';
import { LeaderLook } from './leader.look.ts';
import { StatsAnswers, type Asked } from './stats.answers.ts';
import { ApiStatsLeader, ApiStatsOverview, ApiStatsPartitions, ApiStatsSeries } from './stats.api.ts';
import { sendJson } from './stats.reply.ts';
import { readLeaderQuery, readNoQuery, readSeriesQuery } from './stats.request.ts';
import { StatsService } from './stats.service.ts';

@ApiTags('stats')
@Controller('stats')
export class StatsController {
  constructor(
    private readonly service: StatsService,
    private readonly answers: StatsAnswers,
    private readonly look: LeaderLook,
  ) {}

  @Get('overview')
  @Header('Cache-Control', 'no-store')
  @ApiStatsOverview()
  async overview(@Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    readNoQuery(raw);
    const asked = { nameAt: () => 'overview' };
    sendJson(reply, await this.answers.json(asked, (...counted) => this.service.overview(...counted)));
  }

  @Get('series')
  @Header('Cache-Control', 'no-store')
  @ApiStatsSeries()
  async series(@Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const query = readSeriesQuery(raw);
    const asked: Asked = { nameAt: (progress) => this.service.nameOf(query, progress), turns: 'all' };
    sendJson(reply, await this.answers.json(asked, (...counted) => this.service.series(query, ...counted)));
  }

  @Get('partitions')
  @Header('Cache-Control', 'no-store')
  @ApiStatsPartitions()
  async partitions(@Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    readNoQuery(raw);
    const asked = { nameAt: () => 'partitions' };
    sendJson(reply, await this.answers.json(asked, (...counted) => this.service.partitions(...counted)));
  }

  @Get('leader')
  @Header('Cache-Control', 'no-store')
  @ApiStatsLeader()
  leader(@Query() raw: RawQuery): Promise<LeaderDto> {
    return this.look.read(readLeaderQuery(raw));
  }
}
