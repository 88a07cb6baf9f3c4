import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { register } from 'prom-client';
import { readinessOf, type Dependency, type DependencyCheck } from './readiness.ts';

export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');

class LivenessDto {
  @ApiProperty({ type: String, example: 'ok', description: 'This process works; nothing else is asked.' })
  status!: string;
}

class ReadinessDto {
  @ApiProperty({ type: String, enum: ['ready', 'not_ready'], example: 'ready', description: 'Both answer.' })
  status!: string;

  @ApiProperty({
    type: String,
    enum: ['connected', 'disconnected'],
    example: 'connected',
    description: 'Asked just now.',
  })
  kafka!: string;

  @ApiProperty({
    type: String,
    enum: ['connected', 'disconnected'],
    example: 'connected',
    description: 'Asked just now.',
  })
  mongodb!: string;
}

@ApiTags('health')
@Controller()
export class HealthController {
  private readonly checks: Record<Dependency, DependencyCheck>;

  constructor(@Inject(HEALTH_CHECKS) checks: Record<Dependency, DependencyCheck>) {
    this.checks = checks;
  }

  @Get('health/liveness')
  @ApiOperation({ summary: 'Says only that this process works' })
  @ApiResponse({ status: 200, type: LivenessDto, description: 'It works.' })
  liveness(): LivenessDto {
    return { status: 'ok' };
  }

  @Get('health/readiness')
  @ApiOperation({ summary: 'Asks Kafka and MongoDB, within a second each' })
  @ApiResponse({ status: 200, type: ReadinessDto, description: 'Both answered.' })
  @ApiResponse({ status: 503, type: ReadinessDto, description: 'One or both did not.' })
  async readiness(@Res({ passthrough: true }) reply: { status(code: number): unknown }): Promise<ReadinessDto> {
    const readiness = await readinessOf(this.checks);
    reply.status(readiness.status === 'ready' ? 200 : 503);
    return readiness;
  }

  @Get('metrics')
  @ApiExcludeEndpoint()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return register.metrics();
  }
}
