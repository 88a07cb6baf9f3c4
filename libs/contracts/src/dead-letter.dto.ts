import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  DEAD_LETTER_STATES,
  LISTED_REASONS,
  type DeadLetterState,
  type ListedReason,
  type TrailEntry,
} from './dead-letter.ts';
import { MessageDto, SendMessageDto } from './message.dto.ts';

const integer = { type: 'integer', minimum: 0 } as const;
const optional = { required: false } as const;
const MESSAGE = { fromUser: 'alice', toUser: 'bob', content: 'Hello, Bob' };
const MESSAGE_ID = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
const id = { type: String, example: '3-1042', description: 'The place that its record had: partition-offset.' };
const state = { type: String, enum: DEAD_LETTER_STATES, example: 'waiting', description: 'What became of it.' };

@ApiSchema({ description: 'A dead letter, without what its record held.' })
export class DeadLetterSummaryDto {
  @ApiProperty(id)
  id!: string;

  @ApiProperty({ type: String, example: 'wiber.messages', description: 'The topic that its record was in.' })
  topic!: string;

  @ApiProperty({ ...integer, example: 3, description: 'The partition that its record was in.' })
  partition!: number;

  @ApiProperty({ ...integer, example: 1042, description: 'The offset that its record had.' })
  offset!: number;

  @ApiProperty({
    type: String,
    enum: LISTED_REASONS,
    example: 'schema',
    description: 'Why it is not stored. unknown: the record does not say, or is not of this topic.',
  })
  reason!: ListedReason;

  @ApiProperty({ type: String, example: 'messageId is not a UUID', description: 'What failed.' })
  error!: string;

  @ApiProperty({ ...integer, example: 1, description: 'How often it was tried.' })
  attempts!: number;

  @ApiProperty({ ...integer, example: 1790000000000, description: 'When it was given up, in ms since the epoch.' })
  time!: number;

  @ApiProperty({ type: String, example: 'ingest-1', description: 'The process that gave it up.' })
  instance!: string;

  @ApiProperty(state)
  state!: DeadLetterState;

  @ApiProperty({ ...integer, example: 173, description: 'The length of the value.' })
  valueBytes!: number;

  @ApiProperty({ ...integer, example: 0, description: 'Its partition in the dead-letter topic.' })
  dlqPartition!: number;

  @ApiProperty({ ...integer, example: 7, description: 'Its offset in the dead-letter topic.' })
  dlqOffset!: number;
}

export class RecordHeaderDto {
  @ApiProperty({ type: String, example: 'wiber-schema-version', description: 'Its name.' })
  name!: string;

  @ApiProperty({ ...optional, type: String, example: '1', description: 'Its value, when that is UTF-8.' })
  text?: string;

  @ApiProperty({ type: String, format: 'byte', example: 'MQ==', description: 'Its value.' })
  base64!: string;
}

export class TrailEntryDto implements TrailEntry {
  @ApiProperty({ ...integer, example: 1790000000000, description: 'When, in ms since the epoch.' })
  at!: number;

  @ApiProperty({ type: String, example: 'dora', description: 'Who, as X-Operator said.' })
  who!: string;

  @ApiProperty({
    type: String,
    enum: ['replay', 'replayed', 'discard'],
    example: 'replay',
    description: 'replay: decided; replayed: the log has it; discard.',
  })
  what!: TrailEntry['what'];

  @ApiProperty({ ...optional, type: String, example: MESSAGE_ID, description: 'The message that it is replayed as.' })
  messageId?: string;

  @ApiProperty({ ...optional, type: Boolean, example: true, description: "With another body than the record's." })
  mended?: boolean;

  @ApiProperty({
    ...optional,
    type: Boolean,
    example: false,
    description: 'Whether the conversation has moved on was not asked.',
  })
  forced?: boolean;

  @ApiProperty({ ...optional, ...integer, example: 3, description: 'The partition that it was replayed to.' })
  partition?: number;

  @ApiProperty({ ...optional, ...integer, example: 2048, description: 'The offset that it was replayed to.' })
  offset?: number;

  @ApiProperty({ ...optional, type: String, example: 'a test of ours', description: 'Why, as the operator said.' })
  note?: string;
}

@ApiSchema({ description: 'A dead letter with all that its record held, and what was done to it.' })
export class DeadLetterDto extends DeadLetterSummaryDto {
  @ApiProperty({
    ...optional,
    type: String,
    example: 'alice:bob',
    description: 'The key, when there is one and it is UTF-8.',
  })
  keyText?: string;

  @ApiProperty({
    ...optional,
    type: String,
    format: 'byte',
    example: 'YWxpY2U6Ym9i',
    description: 'The key; absent when the record had none.',
  })
  keyBase64?: string;

  @ApiProperty({
    ...optional,
    type: String,
    example: '{"fromUser":',
    description: 'The value, when there is one and it is UTF-8.',
  })
  valueText?: string;

  @ApiProperty({
    ...optional,
    type: String,
    format: 'byte',
    example: 'eyJmcm9tVXNlciI6',
    description: 'The value, byte for byte; of one over 8 MiB its beginning. Absent when the record had none.',
  })
  valueBase64?: string;

  @ApiProperty({ type: [RecordHeaderDto], description: "The record's own headers." })
  headers!: RecordHeaderDto[];

  @ApiProperty({
    ...optional,
    type: MessageDto,
    example: { ...MESSAGE, messageId: MESSAGE_ID, timestamp: 1790000000000, lamport: 42 },
    description: 'What it is replayed as.',
  })
  replay?: MessageDto;

  @ApiProperty({ type: [TrailEntryDto], description: 'Who did what to it, oldest first.' })
  trail!: TrailEntryDto[];
}

@ApiSchema({ description: 'How to replay. Unknown fields are refused.' })
export class ReplayDto {
  @ApiProperty({
    ...optional,
    type: SendMessageDto,
    example: MESSAGE,
    description: "What to send instead of the record's own body.",
  })
  body?: SendMessageDto;

  @ApiProperty({ ...optional, type: Boolean, example: false, description: 'Also where the conversation has moved on.' })
  force?: boolean;
}

export const NOTE_MAX = 500;

@ApiSchema({ description: 'Why it is discarded. Unknown fields are refused.' })
export class DiscardDto {
  @ApiProperty({
    ...optional,
    type: String,
    maxLength: NOTE_MAX,
    example: 'a test of ours',
    description: 'Kept in the trail.',
  })
  note?: string;
}

@ApiSchema({ description: 'What became of a dead letter.' })
export class DeadLetterStateDto {
  @ApiProperty(id)
  id!: string;

  @ApiProperty({ ...state, example: 'replayed' })
  state!: DeadLetterState;

  @ApiProperty({ ...optional, type: String, example: MESSAGE_ID, description: 'The message that it is replayed as.' })
  messageId?: string;

  @ApiProperty({ ...optional, ...integer, example: 3, description: 'The partition that it was replayed to.' })
  partition?: number;

  @ApiProperty({ ...optional, ...integer, example: 2048, description: 'The offset that it was replayed to.' })
  offset?: number;
}
