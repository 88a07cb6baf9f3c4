import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  EXAMPLE_MESSAGE,
  LETTER_ID,
  LETTER_STATE,
  OPTIONAL,
  REPLACED_BY,
  REPLAYED_OFFSET,
  REPLAYED_PARTITION,
} from './dead-letter.fields.ts';
import type { DeadLetterState } from './dead-letter.ts';
import { SendMessageDto } from './message.dto.ts';

@ApiSchema({ description: 'How to replay. Unknown fields are refused.' })
export class ReplayDto {
  @ApiProperty({
    ...OPTIONAL,
    type: SendMessageDto,
    example: EXAMPLE_MESSAGE,
    description: "Sent instead of the record's own body.",
  })
  body?: SendMessageDto;

  @ApiProperty({
    ...OPTIONAL,
    type: Boolean,
    example: false,
    description: 'Replay even if the conversation has newer messages.',
  })
  force?: boolean;
}

export const NOTE_MAX = 500;

@ApiSchema({ description: 'Why it is discarded. Unknown fields are refused.' })
export class DiscardDto {
  @ApiProperty({
    ...OPTIONAL,
    type: String,
    maxLength: NOTE_MAX,
    example: 'a test of ours',
    description: 'The reason; kept in the trail.',
  })
  note?: string;
}

@ApiSchema({ description: 'The state of a dead letter after a replay or a discard.' })
export class DeadLetterStateDto {
  @ApiProperty(LETTER_ID)
  id!: string;

  @ApiProperty({ ...LETTER_STATE, example: 'replayed' })
  state!: DeadLetterState;

  @ApiProperty(REPLACED_BY)
  messageId?: string;

  @ApiProperty(REPLAYED_PARTITION)
  partition?: number;

  @ApiProperty(REPLAYED_OFFSET)
  offset?: number;
}
