import { Controller, Get, Header, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { register } from 'prom-client';
import { BREAKER_STATES, BreakerBoard } from './breaker.board.ts';
import { readinessOf, type DependencyIndicators } from './readiness.ts';

export const HEALTH_INDICATORS = Symbol('HEALTH_INDICATORS');

class LivenessDto {
  @ApiProperty({ type: String, example: 'ok', description: 'This process works. Its dependencies are not asked.' })
  status!: string;
}

class ReadinessDto {
  @ApiProperty({
    type: String,
    enum: ['ready', 'not_ready'],
    example: 'ready',
    description: 'Whether Kafka and MongoDB both answer.',
  })
  status!: string;

  @ApiProperty({
    type: String,
    enum: ['connected', 'disconnected'],
    example: 'connected',
    description: 'Whether it answered this request.',
  })
  kafka!: string;

  @ApiProperty({
    type: String,
    enum: ['connected', 'disconnected'],
    example: 'connected',
    description: 'Whether it answered this request.',
  })
  mongodb!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...BREAKER_STATES] },
    example: { 'mongodb-read': 'closed', 'produce-0': 'closed' },
    description: 'Each circuit breaker of this process. It is about the last calls and has no effect on status.',
  })
  breakers!: Record<string, string>;
}

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    @Inject(HEALTH_INDICATORS) private readonly indicators: DependencyIndicators,
    private readonly health: HealthCheckService,
    private readonly board: BreakerBoard,
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
  @ApiResponse({ status: 503, type: ReadinessDto, description: 'One or both did not.' })
  async readiness(@Res({ passthrough: true }) reply: { status(code: number): unknown }): Promise<ReadinessDto> {
    const readiness = readinessOf(await this.ask(), this.board.states);
    reply.status(readiness.status === 'ready' ? 200 : 503);
    return readiness;
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
  metrics(): Promise<string> {
    return register.metrics();
  }

  /** Terminus throws its result when a dependency is down. Here both results are answers. */
  private async ask(): Promise<HealthCheckResult> {
    try {
      return await this.health.check(this.indicators);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }
}
