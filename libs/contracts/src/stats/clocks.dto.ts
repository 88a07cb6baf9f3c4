import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { count, time } from './series.dto.ts';

/** Whose clock it is: an app's, a broker's, or that of a member of the replica set. */
export const CLOCK_KINDS = ['gateway', 'ingest', 'metrics', 'broker', 'member'] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

/** How a clock was compared. */
export const CLOCK_METHODS = ['round_trip', 'log'] as const;
export type ClockMethod = (typeof CLOCK_METHODS)[number];

/** What the leader asks for the clocks. Each may be unknown without the others. */
export const CLOCKS_PARTS = ['apps', 'members'] as const;
export type ClocksPart = (typeof CLOCKS_PARTS)[number];

@ApiSchema({ description: 'One clock.' })
export class ClockDto {
  @ApiProperty({ type: String, enum: CLOCK_KINDS, example: 'gateway', description: 'Whose clock it is.' })
  kind!: ClockKind;

  @ApiProperty({
    type: String,
    example: 'gateway-1',
    description: 'The instance of the app, the id of the broker, or the address of the member.',
  })
  name!: string;

  @ApiProperty({
    type: Number,
    example: -3.5,
    description:
      'How far it is ahead of the reference, in milliseconds; negative when it is behind. Without `uncertaintyMs` it is ahead by ' +
      'this or more.',
  })
  offsetMs!: number;

  @ApiProperty({
    type: Number,
    required: false,
    minimum: 0,
    example: 2.5,
    description:
      'The true offset is within `offsetMs` ± this, in milliseconds. Absent where the clock was seen from one side only: messages ' +
      'that go one way do not tell how long they took.',
  })
  uncertaintyMs?: number;

  @ApiProperty(time('When it was measured, by the clock of the reference, in milliseconds since the epoch.'))
  measuredAt!: number;

  @ApiProperty({ type: String, example: 'gateway-1', description: 'The instance that measured it.' })
  measuredBy!: string;

  @ApiProperty({
    type: String,
    enum: CLOCK_METHODS,
    example: 'round_trip',
    description:
      '`round_trip`: a server was asked for its time, and the uncertainty is half of the round trip (Cristian 1989). `log`: the ' +
      'times in records of the log were compared, and the fastest record of the last minute counts.',
  })
  method!: ClockMethod;
}

@ApiSchema({ description: 'What could not be asked.' })
export class UnknownClocksDto {
  @ApiProperty({
    type: String,
    enum: CLOCKS_PARTS,
    example: 'members',
    description: 'The clocks of the apps, or of the members of the replica set.',
  })
  part!: ClocksPart;

  @ApiProperty({ type: String, example: 'mongo-2:27017 does not answer', description: 'Why they are not known.' })
  reason!: string;
}

@ApiSchema({ description: 'All clocks against one, as the leader of the metrics workers saw them last.' })
export class ClocksDto {
  @ApiProperty(time("When it looked, by MongoDB's clock, in milliseconds since the epoch."))
  seenAt!: number;

  @ApiProperty(count('The term of the leader that looked.'))
  term!: number;

  @ApiProperty({
    type: String,
    example: 'mongo-1:27017',
    description: 'The member of the replica set whose clock all others are compared with: its primary.',
  })
  reference!: string;

  @ApiProperty(count('How many clocks are known.'))
  total!: number;

  @ApiProperty({
    type: [ClockDto],
    description: 'By kind and name; of each kind at most 100, those that are furthest from the reference.',
  })
  clocks!: ClockDto[];

  @ApiProperty({ type: [UnknownClocksDto], description: 'What is not known, and why.' })
  unknown!: UnknownClocksDto[];
}

/** A look at the clocks as the leader writes it: the time and the term are added by the store. */
export type ClocksSnapshot = Omit<ClocksDto, 'seenAt' | 'term'>;
