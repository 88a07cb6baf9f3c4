import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { BusiestDto, ServersDto } from '@wiber/contracts';
import { OperatorGuard } from '../http/operator.guard.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { ApiBusiest, ApiServers } from './operator-stats.api.ts';
import { OperatorStatsService } from './operator-stats.service.ts';
import { readBusiestQuery, readNoQuery } from './stats.request.ts';

/** The figures that name users or machines: not everybody who may send messages may see them. */
@ApiTags('stats')
@Controller('stats')
@UseGuards(OperatorGuard)
export class OperatorStatsController {
  constructor(private readonly service: OperatorStatsService) {}

  @Get('busiest')
  @Header('Cache-Control', 'no-store')
  @ApiBusiest()
  busiest(@Query() raw: RawQuery): Promise<BusiestDto> {
    return this.service.conversations(readBusiestQuery(raw));
  }

  @Get('servers')
  @Header('Cache-Control', 'no-store')
  @ApiServers()
  servers(@Query() raw: RawQuery): Promise<ServersDto> {
    readNoQuery(raw);
    return this.service.seen();
  }
}
