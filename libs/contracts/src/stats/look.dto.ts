import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { OPTIONAL } from '../dead-letter.fields.ts';
import { GatewayLookDto, IngestLookDto, LookLatencyDto, WorkerLookDto, latency } from './look-instances.dto.ts';
import { BrokerLookDto, MemberLookDto, PartitionLookDto } from './look-servers.dto.ts';
import { EXAMPLE_LOOK } from './look.example.ts';
import { choice, rate, text, whole } from './look.fields.ts';
import {
  LOOK_EVENTS,
  LOOK_PARTS,
  LOOK_SEVERITIES,
  type LeaderLook,
  type Look,
  type LookEvent,
  type LookEventKind,
  type LookPart,
  type LookTotals,
  type UnknownLook,
} from './look.ts';
import { time } from './series.dto.ts';

@ApiSchema({ description: 'Who leads the metrics workers, by the lease in MongoDB.' })
export class LeaderLookDto implements LeaderLook {
  @ApiProperty(whole(7, 'The number of its term. Each new leader has a larger one.'))
  term!: number;

  @ApiProperty(text('metrics-1', 'INSTANCE of the worker.'))
  holder!: string;

  @ApiProperty(time("When its term began, by MongoDB's clock, in milliseconds since the epoch."))
  since!: number;
}

@ApiSchema({ description: 'Sums over all partitions, also over those that are not shown.' })
export class LookTotalsDto implements LookTotals {
  @ApiProperty(rate(12.5, 'Records a second that came into the log.'))
  acceptedPerSecond!: number;

  @ApiProperty(rate(12, 'Records a second that ingest has stored or put into the dead-letter topic.'))
  storedPerSecond!: number;

  @ApiProperty({ ...whole(2, 'Records that wait for ingest. Absent where no partition has a lag.'), ...OPTIONAL })
  lag?: number;

  @ApiProperty(latency('Of the messages that all ingests have stored lately. Absent when there were none.'))
  latency?: LookLatencyDto;
}

@ApiSchema({ description: 'A part of the look that is not known now. What is shown of it is from before.' })
export class UnknownLookDto implements UnknownLook {
  @ApiProperty(
    choice(
      LOOK_PARTS,
      'deadLetters',
      'The part. `pulses`: `gateways`, `ingests` and `workers`. `deadLetters`: `openDeadLetters`. The others have the name of ' +
        'their field.',
    ),
  )
  part!: LookPart;

  @ApiProperty(text('MongoDB does not answer', 'Why it is not known. It has no address.'))
  reason!: string;
}

@ApiSchema({ description: 'Something that changed between two looks.' })
export class LookEventDto implements LookEvent {
  @ApiProperty({ ...whole(7, 'Grows by one; unique in the life of one gateway process.'), minimum: 1 })
  id!: number;

  @ApiProperty(time('When the gateway noticed it, by its clock, in milliseconds since the epoch.'))
  at!: number;

  @ApiProperty(choice(LOOK_EVENTS, 'broker_gone', 'What happened.'))
  kind!: LookEventKind;

  @ApiProperty(
    choice(LOOK_SEVERITIES, 'bad', '`good`: something works, or works again. `bad`: something fails. `info`: neither.'),
  )
  severity!: LookEvent['severity'];

  @ApiProperty(
    text(
      'broker 2',
      'What it is about: the INSTANCE of a process, `broker 1`, `member 2`, `partition 3`, `partitions` where it happened to ' +
        'many, `lag`, `dead letters`.',
    ),
  )
  subject!: string;

  @ApiProperty(text('Broker 2 is not in the cluster.', 'One sentence for people.'))
  text!: string;
}

@ApiSchema({ description: 'The whole system, as one gateway sees it.' })
export class LookDto implements Look {
  @ApiProperty({ ...whole(41, 'Counts the looks of this gateway, from 1.'), minimum: 1 })
  sequence!: number;

  @ApiProperty(time("When it looked, by the gateway's clock, in milliseconds since the epoch."))
  at!: number;

  @ApiProperty(text('gateway-1', 'INSTANCE of the gateway that looked.'))
  by!: string;

  @ApiProperty({ type: [GatewayLookDto], description: 'The gateways, by name.' })
  gateways!: GatewayLookDto[];

  @ApiProperty({ type: [IngestLookDto], description: 'The ingests, by name.' })
  ingests!: IngestLookDto[];

  @ApiProperty({ type: [WorkerLookDto], description: 'The metrics workers, by name.' })
  workers!: WorkerLookDto[];

  @ApiProperty({ type: [PartitionLookDto], description: 'The partitions of the message topic, at most 1,000.' })
  partitions!: PartitionLookDto[];

  @ApiProperty({ type: [BrokerLookDto], description: 'The brokers of Kafka, by id.' })
  brokers!: BrokerLookDto[];

  @ApiProperty({ type: [MemberLookDto], description: 'The members of the replica set of MongoDB.' })
  members!: MemberLookDto[];

  @ApiProperty({
    ...OPTIONAL,
    type: LeaderLookDto,
    example: EXAMPLE_LOOK.leader,
    description: 'Who leads the metrics workers. Absent while nobody does.',
  })
  leader?: LeaderLookDto;

  @ApiProperty({
    ...whole(
      2,
      'Open dead letters: those in the states waiting and replaying, counted up to 10,000. Absent before the first count.',
    ),
    ...OPTIONAL,
  })
  openDeadLetters?: number;

  @ApiProperty({ type: LookTotalsDto, example: EXAMPLE_LOOK.totals, description: 'Sums over all partitions.' })
  totals!: LookTotalsDto;

  @ApiProperty({ type: [UnknownLookDto], description: 'The parts that are not known now.' })
  unknown!: UnknownLookDto[];

  @ApiProperty({
    type: [LookEventDto],
    description: 'What changed since the look before, oldest first; in the first look of a connection the last 200.',
  })
  events!: LookEventDto[];
}
