import { ApiProperty, ApiSchema, type ApiPropertyOptions } from '@nestjs/swagger';
import { count } from './series.dto.ts';

const id = (description: string) => ({ type: 'integer', example: 1, description }) as const;
const text = (example: string, description: string) => ({ type: String, example, description }) as const;
const ids = (description: string): ApiPropertyOptions => ({ type: [Number], example: [1, 2, 3], description });

@ApiSchema({ description: 'One member of the consumer group of ingest.' })
export class GroupMemberDto {
  @ApiProperty(text('ingest-1-6c8c', 'The id that the coordinator gave it.'))
  member!: string;

  @ApiProperty(text('ingest-1', 'Its client id.'))
  client!: string;

  @ApiProperty(text('/10.0.0.7', 'Its address, as the coordinator sees it.'))
  host!: string;

  @ApiProperty(ids('The partitions of the message topic that it reads.'))
  partitions!: number[];
}

@ApiSchema({ description: 'The consumer group of ingest.' })
export class GroupDto {
  @ApiProperty(
    text('Stable', 'As the coordinator names it: Stable, PreparingRebalance, CompletingRebalance, Empty or Dead.'),
  )
  state!: string;

  @ApiProperty(count('How many members it has.'))
  total!: number;

  @ApiProperty({ type: [GroupMemberDto], description: 'Its members, at most 100.' })
  members!: GroupMemberDto[];
}

@ApiSchema({ description: 'One broker.' })
export class BrokerDto {
  @ApiProperty(id('Its id.'))
  broker!: number;

  @ApiProperty(text('kafka-1:9092', 'Where clients reach it.'))
  address!: string;
}

@ApiSchema({ description: 'The brokers that the cluster has now.' })
export class BrokersDto {
  @ApiProperty({
    ...id('A broker that answers for the controller, with KRaft any that lives; absent while there is none.'),
    required: false,
  })
  controller?: number;

  @ApiProperty(count('How many there are.'))
  total!: number;

  @ApiProperty({ type: [BrokerDto], description: 'At most 100.' })
  brokers!: BrokerDto[];
}

@ApiSchema({ description: 'The copies of one partition of the message topic.' })
export class ReplicasDto {
  @ApiProperty(id('The partition.'))
  partition!: number;

  @ApiProperty({ ...id('The broker that leads it; absent while none does.'), required: false })
  leader?: number;

  @ApiProperty(ids('The brokers that should have a copy.'))
  replicas!: number[];

  @ApiProperty(ids('Those whose copy is in sync.'))
  inSync!: number[];
}

@ApiSchema({ description: 'The copies of the message topic.' })
export class TopicReplicasDto {
  @ApiProperty(count('How many partitions the topic has.'))
  total!: number;

  @ApiProperty(count('How many have fewer copies in sync than they should.'))
  underReplicated!: number;

  @ApiProperty(count('How many have no leader: nothing can be written to them.'))
  withoutLeader!: number;

  @ApiProperty({ type: [ReplicasDto], description: 'By number, at most 1,000.' })
  partitions!: ReplicasDto[];
}

@ApiSchema({
  description: 'What the copies of the message topic and the dead-letter topic take on the disk of one broker.',
})
export class BrokerLogDto {
  @ApiProperty(id('The broker.'))
  broker!: number;

  @ApiProperty(count('Bytes.'))
  bytes!: number;

  @ApiProperty({
    ...count(
      'Bytes of the disk of its fullest log folder; absent where the broker does not tell it (before Kafka 3.3).',
    ),
    required: false,
  })
  diskBytes?: number;

  @ApiProperty({ ...count('Bytes of that disk that are free; absent as well.'), required: false })
  diskFreeBytes?: number;
}

@ApiSchema({ description: 'What one partition of the message topic takes.' })
export class PartitionLogDto {
  @ApiProperty(id('The partition.'))
  partition!: number;

  @ApiProperty(count('Bytes of its largest copy.'))
  bytes!: number;
}

@ApiSchema({ description: 'The size of the log.' })
export class LogSizeDto {
  @ApiProperty({ type: [BrokerLogDto], description: 'At most 100.' })
  brokers!: BrokerLogDto[];

  @ApiProperty({ type: [PartitionLogDto], description: 'By number, at most 1,000.' })
  partitions!: PartitionLogDto[];
}
