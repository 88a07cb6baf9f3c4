import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { BrokersDto, GroupDto, LogSizeDto, TopicReplicasDto } from './kafka.dto.ts';
import { count, time } from './series.dto.ts';
import { CollectionSizeDto, OpenLettersDto, ReplicaSetDto, StoreDiskDto } from './store.dto.ts';

/** The parts of a look at the servers. Each may be unknown without the others. */
export const SERVERS_PARTS = [
  'group',
  'brokers',
  'topic',
  'log',
  'replicaSet',
  'collections',
  'storeDisk',
  'deadLetters',
] as const;
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

const part = (description: string, example: object) =>
  ({ required: false, description: `${description} Absent when unknown.`, example }) as const;

const GROUP = {
  state: 'Stable',
  total: 1,
  members: [{ member: 'ingest-1-6c8c', client: 'ingest-1', host: '/10.0.0.7', partitions: [0, 1, 2] }],
};
const BROKERS = { controller: 1, total: 1, brokers: [{ broker: 1, address: 'kafka-1:9092' }] };
const TOPIC = {
  total: 1,
  underReplicated: 0,
  withoutLeader: 0,
  partitions: [{ partition: 0, leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3] }],
};
const LOG = {
  brokers: [{ broker: 1, bytes: 73_400, diskBytes: 500_000_000_000, diskFreeBytes: 320_000_000_000 }],
  partitions: [{ partition: 0, bytes: 73_400 }],
};
const REPLICA_SET = {
  name: 'rs0',
  members: [{ member: 'mongo-1:27017', state: 'PRIMARY', isHealthy: true, lagMs: 0 }],
};
const STORE_DISK = { bytes: 500_000_000_000, freeBytes: 320_000_000_000 };
const DEAD_LETTERS = { open: 2, isExact: true, reasons: [{ reason: 'schema', count: 2 }] };

@ApiSchema({
  description:
    'What the leader of the metrics workers has seen last of the servers. Each part is there, or in `unknown` with a reason.',
})
export class ServersDto {
  @ApiProperty(time("When it looked, by MongoDB's clock, in milliseconds since the epoch."))
  seenAt!: number;

  @ApiProperty(count('The term of the leader that looked.'))
  term!: number;

  @ApiProperty({ type: GroupDto, ...part('The consumer group of ingest.', GROUP) })
  group?: GroupDto;

  @ApiProperty({ type: BrokersDto, ...part('The brokers.', BROKERS) })
  brokers?: BrokersDto;

  @ApiProperty({ type: TopicReplicasDto, ...part('The copies of the message topic.', TOPIC) })
  topic?: TopicReplicasDto;

  @ApiProperty({ type: LogSizeDto, ...part('The size of the log.', LOG) })
  log?: LogSizeDto;

  @ApiProperty({ type: ReplicaSetDto, ...part('The replica set.', REPLICA_SET) })
  replicaSet?: ReplicaSetDto;

  @ApiProperty({
    type: [CollectionSizeDto],
    required: false,
    description: 'The sizes of the collections. Absent when unknown.',
  })
  collections?: CollectionSizeDto[];

  @ApiProperty({ type: StoreDiskDto, ...part('The disk of the primary.', STORE_DISK) })
  storeDisk?: StoreDiskDto;

  @ApiProperty({ type: OpenLettersDto, ...part('The open dead letters.', DEAD_LETTERS) })
  deadLetters?: OpenLettersDto;

  @ApiProperty({ type: [UnknownPartDto], description: 'The parts that are not known.' })
  unknown!: UnknownPartDto[];
}

/** A look at the servers as the leader writes it: the time and the term are added by the store. */
export type ServersSnapshot = Omit<ServersDto, 'seenAt' | 'term'>;
