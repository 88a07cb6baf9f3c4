import { ApiProperty } from '@nestjs/swagger';
import { BREAKER_STATES } from './breaker.board.ts';
import { CLOCK_STATES } from './clock.board.ts';

const CLOCK = {
  type: String,
  enum: [...CLOCK_STATES],
  required: false,
  example: 'ok',
  description: 'Whether the clock of this machine is right, by NTP. Only with NTP_SERVERS; it has no effect on status.',
};

export class LivenessDto {
  @ApiProperty({ type: String, example: 'ok', description: 'This process works. Its dependencies are not asked.' })
  status!: string;
}

export class ReadinessDto {
  @ApiProperty({
    type: String,
    enum: ['ready', 'not_ready'],
    example: 'ready',
    description: 'Whether Kafka and MongoDB both answer, and this instance does not stop.',
  })
  status!: string;

  @ApiProperty({
    type: String,
    enum: ['connected', 'disconnected'],
    example: 'connected',
    description: 'Whether it answered within the last second.',
  })
  kafka!: string;

  @ApiProperty({
    type: String,
    enum: ['connected', 'disconnected'],
    example: 'connected',
    description: 'Whether it answered within the last second.',
  })
  mongodb!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...BREAKER_STATES] },
    example: { 'mongodb-read': 'closed', 'produce-0': 'closed' },
    description: 'Each circuit breaker of this process. It is about the last calls and has no effect on status.',
  })
  breakers!: Record<string, string>;

  @ApiProperty(CLOCK)
  clock?: string;
}

export class ServingDto {
  @ApiProperty({
    type: String,
    enum: ['serving', 'not_serving', 'draining'],
    example: 'serving',
    description: 'Whether this instance can do any of its work. It drains while it stops.',
  })
  status!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'boolean' },
    example: { sends: true, reads: false },
    description: 'Each kind of work, and whether it can be done now. Empty while this instance drains.',
  })
  work!: Record<string, boolean>;

  @ApiProperty(CLOCK)
  clock?: string;
}
