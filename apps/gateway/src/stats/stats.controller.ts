import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  metricsLeaseOf,
  type LeaderDto,
  type StatsOverviewDto,
  type StatsPartitionDto,
  type StatsSeriesDto,
} from '@wiber/contracts';
import { LeaseReader } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { ApiStatsLeader, ApiStatsOverview, ApiStatsPartitions, ApiStatsSeries } from './stats.api.ts';
import { readLeaderQuery, readNoQuery, readSeriesQuery } from './stats.request.ts';
import { StatsService } from './stats.service.ts';

@ApiTags('stats')
@Controller('stats')
export class StatsController {
  constructor(
    private readonly service: StatsService,
    private readonly leases: LeaseReader,
  ) {}

  @Get('overview')
  @Header('Cache-Control', 'no-store')
  @ApiStatsOverview()
  overview(@Query() raw: RawQuery): Promise<StatsOverviewDto> {
    readNoQuery(raw);
    return this.service.overview();
  }

  @Get('series')
  @Header('Cache-Control', 'no-store')
  @ApiStatsSeries()
  series(@Query() raw: RawQuery): Promise<StatsSeriesDto> {
    return this.service.series(readSeriesQuery(raw));
  }

  @Get('partitions')
  @Header('Cache-Control', 'no-store')
  @ApiStatsPartitions()
  partitions(@Query() raw: RawQuery): Promise<StatsPartitionDto[]> {
    readNoQuery(raw);
    return this.service.partitions();
  }

  @Get('leader')
  @Header('Cache-Control', 'no-store')
  @ApiStatsLeader()
  async leader(@Query() raw: RawQuery): Promise<LeaderDto> {
    const limit = readLeaderQuery(raw);
    const { topic, readDeadlineMs: withinMs } = GATEWAY_ENV;
    const { term, holder, history } = await this.leases.show(metricsLeaseOf(topic), { limit, withinMs });
    return { term, ...(holder ? { leader: holder } : {}), history };
  }
}
