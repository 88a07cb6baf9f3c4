import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { count, time } from './series.dto.ts';

@ApiSchema({ description: 'A term of the leader of the metrics workers. Times are those of the primary of MongoDB.' })
export class LeaderTermDto {
  @ApiProperty(count('Its number. Each new leader has a larger one.'))
  term!: number;

  @ApiProperty({ type: String, example: 'metrics-1', description: 'INSTANCE of the worker.' })
  holder!: string;

  @ApiProperty(time('When it began.'))
  since!: number;

  @ApiProperty({ ...time('The last sign of life of the worker in this term.'), required: false })
  renewedAt?: number;

  @ApiProperty({ ...time('When it ended; absent while it lasts.'), required: false })
  until?: number;

  @ApiProperty({
    type: String,
    required: false,
    example: 'released',
    description: 'How it ended; absent while it lasts.',
  })
  end?: string;

  @ApiProperty({
    ...time('Of the present leader: when another worker may take over, unless it renews before.'),
    required: false,
  })
  expiresAt?: number;
}

@ApiSchema({
  description: 'Who leads the metrics workers, by the lease in MongoDB. No process is asked what it believes.',
})
export class LeaderDto {
  @ApiProperty(count('The number of the last term; 0 before the first.'))
  term!: number;

  @ApiProperty({
    type: LeaderTermDto,
    required: false,
    example: { term: 7, holder: 'metrics-1', since: 1790000000000, renewedAt: 1790000005000, expiresAt: 1790000009000 },
    description: 'The holder of the lease; absent while nobody is.',
  })
  leader?: LeaderTermDto;

  @ApiProperty({ type: [LeaderTermDto], description: 'The terms that ended, newest first.' })
  history!: LeaderTermDto[];
}
