import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  EXAMPLE_MESSAGE,
  EXAMPLE_MESSAGE_ID,
  INTEGER,
  LETTER_ID,
  LETTER_STATE,
  OPTIONAL,
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

  @ApiProperty({
    ...OPTIONAL,
    type: String,
    example: EXAMPLE_MESSAGE_ID,
    description: 'The id of the message that replaces it.',
  })
  messageId?: string;

  @ApiProperty({ ...OPTIONAL, ...INTEGER, example: 3, description: 'The partition of the replayed message.' })
  partition?: number;

  @ApiProperty({ ...OPTIONAL, ...INTEGER, example: 2048, description: 'The offset of the replayed message.' })
  offset?: number;
}
