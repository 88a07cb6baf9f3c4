import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { OPTIONAL } from '../dead-letter.fields.ts';
import { EXAMPLE_LOOK } from './look.example.ts';
import { choice, flag, rate, text, whole, wholes } from './look.fields.ts';
import {
  BREAKER_STATES,
  INSTANCE_STATUSES,
  type BreakerLook,
  type BreakerState,
  type GatewayLook,
  type IngestLook,
  type InstanceLook,
  type InstanceStatus,
  type LookLatency,
  type WorkerLook,
} from './look.ts';

/** A latency as a field. */
export const latency = (description: string) => ({
  ...OPTIONAL,
  type: LookLatencyDto,
  example: EXAMPLE_LOOK.totals.latency,
  description,
});

@ApiSchema({ description: 'One circuit breaker of a process.' })
export class BreakerLookDto implements BreakerLook {
  @ApiProperty(text('mongodb-write', 'Its name.'))
  name!: string;

  @ApiProperty(
    choice(
      BREAKER_STATES,
      'closed',
      'What it does with calls. `closed`: takes them. `open`: refuses them. `half-open`: tries one.',
    ),
  )
  state!: BreakerState;
}

@ApiSchema({
  description:
    'The time from a gateway’s timestamp to ingest’s storedAt, estimated from the buckets of a histogram: a value is even ' +
    'inside of its bucket.',
})
export class LookLatencyDto implements LookLatency {
  @ApiProperty(whole(14, 'The median, in milliseconds.'))
  p50!: number;

  @ApiProperty(whole(59, 'The 99th percentile, in milliseconds.'))
  p99!: number;
}

export class InstanceLookDto implements InstanceLook {
  @ApiProperty(text('gateway-1', 'INSTANCE of the process.'))
  instance!: string;

  @ApiProperty(
    choice(
      INSTANCE_STATUSES,
      'up',
      '`up`: it gives signs of life. `stopping`: it said that it stops. `silent`: it has given none for 2.5 s. `gone`: it ' +
        'stopped, or has given none for 10 s; it is left out a minute later. `unknown`: MongoDB, which carries the signs of ' +
        'life, is away.',
    ),
  )
  status!: InstanceStatus;

  @ApiProperty(
    flag(
      false,
      'Whether more than one process lives under this name. The rest is of one of them, and soon of another.',
    ),
  )
  isShared!: boolean;

  @ApiProperty(whole(300, 'Milliseconds since its last sign of life came, by the clock of the gateway that looks.'))
  ageMs!: number;

  @ApiProperty(whole(3_600_000, 'Milliseconds since the process started.'))
  upMs!: number;

  @ApiProperty(whole(104_857_600, 'Memory of the process (its resident set), in bytes.'))
  rssBytes!: number;

  @ApiProperty({
    type: Number,
    minimum: 0,
    example: 0.12,
    description: 'CPU time by elapsed time since the sign of life before: 1 is one core.',
  })
  cpuRatio!: number;

  @ApiProperty({
    type: [BreakerLookDto],
    description: 'Its circuit breakers, at most 20; those that are not closed are first.',
  })
  breakers!: BreakerLookDto[];
}

@ApiSchema({ description: 'One gateway. Rates are of the time since its sign of life before, about a second.' })
export class GatewayLookDto extends InstanceLookDto implements GatewayLook {
  @ApiProperty(rate(12.5, 'Messages a second that it has accepted.'))
  acceptedPerSecond!: number;

  @ApiProperty(rate(0, 'Requests a second that it has answered with a problem.'))
  refusedPerSecond!: number;

  @ApiProperty(whole(3, 'Requests that wait for their message to be stored, or for a causal token.'))
  waiting!: number;

  @ApiProperty(whole(8, 'Messages that are on their way to Kafka, or wait for it.'))
  queued!: number;
}

@ApiSchema({ description: 'One ingest. Rates are of the time since its sign of life before, about a second.' })
export class IngestLookDto extends InstanceLookDto implements IngestLook {
  @ApiProperty(flag(true, 'Whether it is a member of the consumer group.'))
  hasJoined!: boolean;

  @ApiProperty(wholes([0], 'The partitions of the message topic that it reads, at most 1,000.'))
  partitions!: number[];

  @ApiProperty(wholes([], 'Those of them that it has paused, at most 1,000.'))
  pausedPartitions!: number[];

  @ApiProperty(rate(12, 'Messages a second that it has stored.'))
  storedPerSecond!: number;

  @ApiProperty(rate(0, 'Records a second that it has put into the dead-letter topic.'))
  deadLetteredPerSecond!: number;

  @ApiProperty(latency('Of the messages that it has stored since then. Absent when there were none.'))
  latency?: LookLatencyDto;
}

@ApiSchema({ description: 'One metrics worker.' })
export class WorkerLookDto extends InstanceLookDto implements WorkerLook {
  @ApiProperty(flag(true, 'Whether it leads the metrics workers, by its own clock.'))
  leads!: boolean;

  @ApiProperty({ ...whole(7, 'The term that it leads; absent where it does not lead.'), ...OPTIONAL })
  term?: number;
}
