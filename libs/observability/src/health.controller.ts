import { Controller, Get, Header, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { register } from 'prom-client';
import { BreakerBoard } from './breaker.board.ts';
import { ClockBoard } from './clock.board.ts';
import { LivenessDto, ReadinessDto, ServingDto } from './health.dto.ts';
import { InstanceState } from './instance.state.ts';
import { MetricsText } from './metrics.text.ts';
import { readinessOf, type DependencyIndicators } from './readiness.ts';
import { ServedWorkList, type ServingLooks } from './serving.ts';

/** How the dependencies of an app are asked. */
export interface HealthLooks {
  readiness: DependencyIndicators;
  serving: ServingLooks;
}

export const HEALTH_LOOKS = Symbol('HEALTH_LOOKS');

interface Reply {
  status(code: number): unknown;
}

@ApiTags('health')
@Controller()
export class HealthController {
  private readonly text = new MetricsText({ render: () => register.metrics() });

  constructor(
    @Inject(HEALTH_LOOKS) private readonly looks: HealthLooks,
    private readonly health: HealthCheckService,
    private readonly board: BreakerBoard,
    private readonly clock: ClockBoard,
    private readonly work: ServedWorkList,
    private readonly instance: InstanceState,
  ) {}

  @Get('health/liveness')
  @ApiOperation({ summary: 'Whether this process works' })
  @ApiResponse({ status: 200, type: LivenessDto, description: 'It works.' })
  liveness(): LivenessDto {
    return { status: 'ok' };
  }

  @Get('health/readiness')
  @ApiOperation({ summary: 'Whether Kafka and MongoDB answer, within a second each' })
  @ApiResponse({ status: 200, type: ReadinessDto, description: 'Both answered.' })
  @ApiResponse({ status: 503, type: ReadinessDto, description: 'One or both did not, or this instance stops.' })
  async readiness(@Res({ passthrough: true }) reply: Reply): Promise<ReadinessDto> {
    const result = await this.ask();
    const readiness = readinessOf(result, { breakers: this.board.states, isDraining: this.instance.isDraining });
    reply.status(readiness.status === 'ready' ? 200 : 503);
    return { ...readiness, ...this.clock.shown };
  }

  @Get('health/serving')
  @ApiOperation({
    summary: 'Whether this instance can serve anything: the probe for load balancers and orchestrators',
  })
  @ApiResponse({ status: 200, type: ServingDto, description: 'It can do at least one kind of its work.' })
  @ApiResponse({ status: 503, type: ServingDto, description: 'It can do nothing, or it stops.' })
  async serving(@Res({ passthrough: true }) reply: Reply): Promise<ServingDto> {
    const draining: ServingDto = { status: 'draining', work: {} };
    const serving = this.instance.isDraining ? draining : await this.work.ask(this.looks.serving);
    // The stop may have begun while the dependencies were asked.
    const answer = this.instance.isDraining ? draining : serving;
    reply.status(answer.status === 'serving' ? 200 : 503);
    return { ...answer, ...this.clock.shown };
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Metrics for Prometheus' })
  @ApiResponse({
    status: 200,
    description: 'Text exposition format 0.0.4.',
    content: {
      'text/plain': { schema: { type: 'string' }, example: 'wiber_messages_accepted_total{app="gateway"} 7' },
    },
  })
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<Buffer> {
    return this.text.read();
  }

  /** Terminus throws its result when a dependency is down. Here both results are answers. */
  private async ask(): Promise<HealthCheckResult> {
    try {
      return await this.health.check(this.looks.readiness);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }
}
