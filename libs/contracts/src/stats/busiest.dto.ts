import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { count, time } from './series.dto.ts';

@ApiSchema({ description: 'A busy conversation.' })
export class BusyConversationDto {
  @ApiProperty({
    type: [String],
    example: ['alice', 'bob'],
    description: 'Both users; one with oneself has one name twice.',
  })
  users!: string[];

  @ApiProperty(count('At most so many of its messages were accepted in the window.'))
  count!: number;

  @ApiProperty(count('At least `count - error` were. 0: the count is exact.'))
  error!: number;
}

@ApiSchema({ description: 'The conversations with the most accepted messages in one window.' })
export class BusiestDto {
  @ApiProperty({ type: String, enum: ['minute', 'hour'], example: 'minute', description: 'As asked.' })
  step!: string;

  @ApiProperty(time('The start of the window, in milliseconds since the epoch.'))
  start!: number;

  @ApiProperty({ type: Boolean, example: true, description: 'True once everything up to its end was counted.' })
  isClosed!: boolean;

  @ApiProperty({ type: [BusyConversationDto], description: 'Busiest first.' })
  conversations!: BusyConversationDto[];

  @ApiProperty(
    count(
      'Any conversation that no list has had at most so many messages. 0: each conversation of the window was counted, and ' +
        'every count is exact.',
    ),
  )
  unlistedAtMost!: number;
}
