import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { DistinctDto, LatencyDto, ReasonCountDto, count, distinct, latency, time } from './series.dto.ts';

const ACCEPTED_EXAMPLE = {
  total: 1000,
  bytes: 204_800,
  lastMinute: 42,
  usersOfMinute: { count: 12, isExact: true },
  usersOfHour: { count: 80, isExact: true },
  conversationsOfMinute: { count: 7, isExact: true },
  conversationsOfHour: { count: 60, isExact: true },
};
const STORED_EXAMPLE = { total: 998, lastMinute: 42, latency: { p50: 14, p90: 29, p99: 59, max: 127, negative: 0 } };
const DEAD_EXAMPLE = { total: 2, reasons: [{ reason: 'schema', count: 2 }], lastMinute: 0 };

@ApiSchema({ description: 'What was accepted.' })
export class AcceptedStatsDto {
  @ApiProperty(count('Records of the message topic, of all time that the log had when it was first counted.'))
  total!: number;

  @ApiProperty(count('The bytes of their values.'))
  bytes!: number;

  @ApiProperty(count('Records of the last minute.'))
  lastMinute!: number;

  @ApiProperty({ ...distinct('Users of the last minute.'), type: DistinctDto })
  usersOfMinute!: DistinctDto;

  @ApiProperty({ ...distinct('Users of the last hour.'), type: DistinctDto })
  usersOfHour!: DistinctDto;

  @ApiProperty({ ...distinct('Conversations of the last minute.'), type: DistinctDto })
  conversationsOfMinute!: DistinctDto;

  @ApiProperty({ ...distinct('Conversations of the last hour.'), type: DistinctDto })
  conversationsOfHour!: DistinctDto;
}

@ApiSchema({ description: 'What was stored.' })
export class StoredStatsDto {
  @ApiProperty(count('Documents that were counted, from `storedFrom` of each partition on: see /stats/partitions.'))
  total!: number;

  @ApiProperty(count('Documents that were stored in the last minute.'))
  lastMinute!: number;

  @ApiProperty({ ...latency('Of the documents of the last minute.'), type: LatencyDto })
  latency!: LatencyDto;
}

@ApiSchema({ description: 'What became a dead letter.' })
export class DeadLetteredStatsDto {
  @ApiProperty(count('Records of the dead-letter topic. A record that is read again after a crash may be there twice.'))
  total!: number;

  @ApiProperty({ type: [ReasonCountDto], description: 'The total by reason.' })
  reasons!: ReasonCountDto[];

  @ApiProperty(count('Records of the last minute.'))
  lastMinute!: number;
}

@ApiSchema({
  description: 'The system in a few figures. The last minute and hour are the last whole ones that were counted.',
})
export class StatsOverviewDto {
  @ApiProperty(
    time(
      "When the metrics worker last counted all it could, by MongoDB's clock, in milliseconds since the epoch. It stays while a " +
        'broker or MongoDB does not answer.',
    ),
  )
  countedAt!: number;

  @ApiProperty(count('Records that ingest has not handled yet, as the worker saw it last.'))
  lag!: number;

  @ApiProperty({ type: AcceptedStatsDto, example: ACCEPTED_EXAMPLE, description: 'What every in-sync replica has.' })
  accepted!: AcceptedStatsDto;

  @ApiProperty({ type: StoredStatsDto, example: STORED_EXAMPLE, description: 'What ingest has stored.' })
  stored!: StoredStatsDto;

  @ApiProperty({ type: DeadLetteredStatsDto, example: DEAD_EXAMPLE, description: 'What could not be stored.' })
  deadLettered!: DeadLetteredStatsDto;
}

@ApiSchema({ description: 'One partition of the message topic, as the metrics worker saw it last.' })
export class StatsPartitionDto {
  @ApiProperty(count('Its number.'))
  partition!: number;

  @ApiProperty(count('The offset after its last record, also where an open transaction keeps that from being read.'))
  end!: number;

  @ApiProperty(count('The offset that ingest has committed: it has handled all before it.'))
  committed!: number;

  @ApiProperty(count('Records that ingest has not handled yet.'))
  lag!: number;

  @ApiProperty({
    ...time(
      'When the oldest of these was appended, or where that can not be read when it was first seen, in milliseconds since the ' +
        'epoch; absent when there is none.',
    ),
    required: false,
  })
  waitingSince?: number;

  @ApiProperty(count('Its records that were accepted and counted.'))
  accepted!: number;

  @ApiProperty(count('Its documents that were stored and counted.'))
  stored!: number;

  @ApiProperty(count('The offset up to which accepted records are counted.'))
  acceptedTo!: number;

  @ApiProperty({
    type: Boolean,
    example: false,
    description:
      'True: no later record of it is counted until an operator acts, and windows are closed without them. A batch can not be ' +
      'decoded, or the topic was made anew; the log of the metrics worker says which.',
  })
  isStopped!: boolean;

  @ApiProperty(
    count(
      'The offset from which stored documents are counted: 0, unless much was stored before a metrics worker first ran.',
    ),
  )
  storedFrom!: number;

  @ApiProperty(count('The offset up to which stored documents are counted.'))
  storedTo!: number;
}
