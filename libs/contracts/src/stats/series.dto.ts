import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { LISTED_REASONS, type ListedReason } from '../dead-letter.ts';
import { SAMPLE_SIZE } from './stats.window.ts';

/** What /stats/series shows. */
export const STATS_METRICS = [
  'accepted',
  'bytes',
  'stored',
  'dead_lettered',
  'users',
  'conversations',
  'latency',
] as const;
export type StatsMetric = (typeof STATS_METRICS)[number];

const LATENCY_EXAMPLE = { p50: 14, p90: 29, p99: 59, max: 127, negative: 0 };

/** A latency and a number of distinct names as fields. */
export const latency = (description: string) => ({ example: LATENCY_EXAMPLE, description }) as const;
export const distinct = (description: string) => ({ example: { count: 42, isExact: true }, description }) as const;

/** How a count and a time are described. */
export const count = (description: string) => ({ type: 'integer', minimum: 0, example: 42, description }) as const;
export const time = (description: string) =>
  ({ type: 'integer', minimum: 0, example: 1790000000000, description }) as const;
const bound = (quantile: string) =>
  ({
    type: 'integer',
    minimum: 0,
    required: false,
    example: 31,
    description: `${quantile}, in milliseconds: the upper bound of its bin, at most 12.5 % above the exact value.`,
  }) as const;

@ApiSchema({ description: 'How many dead letters have one reason.' })
export class ReasonCountDto {
  @ApiProperty({ type: String, enum: LISTED_REASONS, example: 'schema', description: 'The reason.' })
  reason!: ListedReason;

  @ApiProperty(count('How many records of the dead-letter topic have it.'))
  count!: number;
}

@ApiSchema({
  description:
    "The time from a gateway's timestamp to ingest's storedAt, of each message that was stored. Absent where nothing was measured.",
})
export class LatencyDto {
  @ApiProperty(bound('The median'))
  p50?: number;

  @ApiProperty(bound('The 90th percentile'))
  p90?: number;

  @ApiProperty(bound('The 99th percentile'))
  p99?: number;

  @ApiProperty(bound('The largest'))
  max?: number;

  @ApiProperty(count('How many were negative, because two clocks differ. They are in none of the other values.'))
  negative!: number;
}

@ApiSchema({ description: 'A number of distinct names.' })
export class DistinctDto {
  @ApiProperty(count('How many.'))
  count!: number;

  @ApiProperty({
    type: Boolean,
    example: true,
    description:
      `Exact below ${SAMPLE_SIZE.second} in a second, ${SAMPLE_SIZE.minute} in a minute and ${SAMPLE_SIZE.hour} in an hour; ` +
      'else an estimate with a standard error of 13 %, 6 % and 3 %.',
  })
  isExact!: boolean;
}

@ApiSchema({ description: 'One window.' })
export class StatsPointDto {
  @ApiProperty(time('Its start, in milliseconds since the epoch.'))
  start!: number;

  @ApiProperty({
    type: Boolean,
    example: true,
    description:
      'True once everything up to its end was counted. A record that comes later with an earlier time is counted all the same.',
  })
  isClosed!: boolean;

  @ApiProperty(count('The count of the metric; of latency how many messages were measured.'))
  value!: number;

  @ApiProperty({
    type: Boolean,
    required: false,
    example: true,
    description: 'Of users and conversations: see DistinctDto.',
  })
  isExact?: boolean;

  @ApiProperty({ type: [ReasonCountDto], required: false, description: 'Of dead_lettered.' })
  reasons?: ReasonCountDto[];

  @ApiProperty({ ...latency('Of latency.'), type: LatencyDto, required: false })
  latency?: LatencyDto;
}

@ApiSchema({ description: 'One metric over time. Each window has a point, also one without records.' })
export class StatsSeriesDto {
  @ApiProperty({ type: String, enum: STATS_METRICS, example: 'accepted', description: 'As asked.' })
  metric!: StatsMetric;

  @ApiProperty({ type: String, enum: ['second', 'minute', 'hour'], example: 'minute', description: 'As asked.' })
  step!: string;

  @ApiProperty(
    time(
      'The start of the first window: that of `from`; a later one where windows before it are kept no more or are too many; that of `to` where `from` is after it.',
    ),
  )
  from!: number;

  @ApiProperty(time('The end of the last window: that of `to`, or of the window of the last count.'))
  to!: number;

  @ApiProperty({ type: [StatsPointDto], description: 'The windows, oldest first.' })
  points!: StatsPointDto[];
}
