import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { BrokersDto, GroupDto, LogSizeDto, TopicReplicasDto } from './kafka.dto.ts';
import { count, time } from './series.dto.ts';
import { CollectionSizeDto, OpenLettersDto, ReplicaSetDto } from './store.dto.ts';

/** The parts of a look at the servers. Each may be unknown without the others. */
export const SERVERS_PARTS = ['group', 'brokers', 'topic', 'log', 'replicaSet', 'collections', 'deadLetters'] as const;
export type ServersPart = (typeof SERVERS_PARTS)[number];

@ApiSchema({ description: 'A part that is missing from the answer.' })
export class UnknownPartDto {
  @ApiProperty({ type: String, enum: SERVERS_PARTS, example: 'replicaSet', description: 'The part.' })
  part!: ServersPart;

  @ApiProperty({
    type: String,
    example: 'MongoDB refuses it (13): the user of MONGO_URI needs the role clusterMonitor',
    description: 'Why it is not known.',
  })
  reason!: string;
}

const part = (description: string) =>
  ({ required: false, description: `${description} Absent when unknown.` }) as const;

@ApiSchema({
  description:
    'What the leader of the metrics workers has seen last of the servers. Each part is there, or in `unknown` with a reason.',
})
export class ServersDto {
  @ApiProperty(time("When it looked, by MongoDB's clock, in milliseconds since the epoch."))
  seenAt!: number;

  @ApiProperty(count('The term of the leader that looked.'))
  term!: number;

  @ApiProperty({ type: GroupDto, ...part('The consumer group of ingest.') })
  group?: GroupDto;

  @ApiProperty({ type: BrokersDto, ...part('The brokers.') })
  brokers?: BrokersDto;

  @ApiProperty({ type: TopicReplicasDto, ...part('The copies of the message topic.') })
  topic?: TopicReplicasDto;

  @ApiProperty({ type: LogSizeDto, ...part('The size of the log.') })
  log?: LogSizeDto;

  @ApiProperty({ type: ReplicaSetDto, ...part('The replica set.') })
  replicaSet?: ReplicaSetDto;

  @ApiProperty({ type: [CollectionSizeDto], ...part('The sizes of the collections.') })
  collections?: CollectionSizeDto[];

  @ApiProperty({ type: OpenLettersDto, ...part('The open dead letters.') })
  deadLetters?: OpenLettersDto;

  @ApiProperty({ type: [UnknownPartDto], description: 'The parts that are not known.' })
  unknown!: UnknownPartDto[];
}

/** A look at the servers as the leader writes it: the time and the term are added by the store. */
export type ServersSnapshot = Omit<ServersDto, 'seenAt' | 'term'>;
