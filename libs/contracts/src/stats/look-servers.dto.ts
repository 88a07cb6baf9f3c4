import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { OPTIONAL } from '../dead-letter.fields.ts';
import { choice, flag, rate, text, whole, wholes } from './look.fields.ts';
import { BROKER_STATUSES, MEMBER_STATES, type BrokerLook, type MemberLook, type PartitionLook } from './look.ts';

@ApiSchema({
  description:
    'One partition of the message topic: the way from its broker to its ingest. Rates are of the time since the look before.',
})
export class PartitionLookDto implements PartitionLook {
  @ApiProperty(whole(0, 'Its number.'))
  partition!: number;

  @ApiProperty({ ...whole(1, 'The broker that leads it; absent while none does.'), ...OPTIONAL })
  leader?: number;

  @ApiProperty(wholes([1, 2], 'The brokers that should have a copy.'))
  replicas!: number[];

  @ApiProperty(wholes([1], 'Those whose copy is in sync.'))
  inSync!: number[];

  @ApiProperty({ ...whole(1042, 'The offset of the next record. Absent where no broker says it.'), ...OPTIONAL })
  end?: number;

  @ApiProperty({
    ...whole(1040, 'The offset up to which everything is stored or a dead letter. Absent before the first.'),
    ...OPTIONAL,
  })
  stored?: number;

  @ApiProperty({ ...whole(2, 'Records that wait for ingest. Absent where `end` is.'), ...OPTIONAL })
  lag?: number;

  @ApiProperty({
    ...rate(12.5, 'Records a second that came into the log. Absent before two looks know it.'),
    ...OPTIONAL,
  })
  acceptedPerSecond?: number;

  @ApiProperty({
    ...rate(
      12,
      'Records a second that ingest has stored or put into the dead-letter topic. Absent before two looks know it.',
    ),
    ...OPTIONAL,
  })
  storedPerSecond?: number;

  @ApiProperty({
    ...text('ingest-1', 'INSTANCE of the ingest that says it reads it. Absent where none says so.'),
    ...OPTIONAL,
  })
  ingest?: string;
}

@ApiSchema({ description: 'One broker of Kafka.' })
export class BrokerLookDto implements BrokerLook {
  @ApiProperty(whole(1, 'Its id.'))
  broker!: number;

  @ApiProperty(
    choice(
      BROKER_STATUSES,
      'up',
      '`up`: it is in the cluster. `gone`: it is not, and should have copies of partitions.',
    ),
  )
  status!: BrokerLook['status'];

  @ApiProperty(
    flag(true, 'Whether it is the controller. False for all brokers where the gateway may not describe the cluster.'),
  )
  isController!: boolean;

  @ApiProperty(whole(1, 'How many partitions of the message topic it leads.'))
  leads!: number;
}

@ApiSchema({
  description: 'One member of the replica set of MongoDB. Its address is for operators: GET /stats/servers has it.',
})
export class MemberLookDto implements MemberLook {
  @ApiProperty({ ...whole(1, 'Its place in the configuration of the set, from 1.'), minimum: 1 })
  member!: number;

  @ApiProperty(choice(MEMBER_STATES, 'primary', 'Its state. `gone`: it does not answer this gateway.'))
  state!: MemberLook['state'];

  @ApiProperty({
    ...OPTIONAL,
    type: Number,
    minimum: 0,
    example: 0.8,
    description:
      'Milliseconds that its last answers to this gateway took, on average. Absent where it has not answered.',
  })
  roundTripMs?: number;
}
