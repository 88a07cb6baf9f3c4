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
const id = { type: String, example: '3-1042', description: 'partition-offset of the rejected record.' };
const state = {
  type: String,
  enum: DEAD_LETTER_STATES,
  example: 'waiting',
  description: 'Whether it was replayed or discarded.',
};

@ApiSchema({ description: 'A dead letter without the content of its record.' })
export class DeadLetterSummaryDto {
  @ApiProperty(id)
  id!: string;

  @ApiProperty({ type: String, example: 'wiber.messages', description: 'The topic of the rejected record.' })
  topic!: string;

  @ApiProperty({ ...integer, example: 3, description: 'The partition of the rejected record.' })
  partition!: number;

  @ApiProperty({ ...integer, example: 1042, description: 'The offset of the rejected record.' })
  offset!: number;

  @ApiProperty({
    type: String,
    enum: LISTED_REASONS,
    example: 'schema',
    description: 'Why it is not stored. unknown: its headers are missing or name another topic.',
  })
  reason!: ListedReason;

  @ApiProperty({ type: String, example: 'messageId is not a UUID', description: 'The error.' })
  error!: string;

  @ApiProperty({ ...integer, example: 1, description: 'How often its handling was attempted.' })
  attempts!: number;

  @ApiProperty({
    ...integer,
    example: 1790000000000,
    description: 'When it was rejected, in milliseconds since the epoch.',
  })
  time!: number;

  @ApiProperty({ type: String, example: 'ingest-1', description: 'The process that rejected it.' })
  instance!: string;

  @ApiProperty(state)
  state!: DeadLetterState;

  @ApiProperty({ ...integer, example: 173, description: 'The length of the value in bytes.' })
  valueBytes!: number;

  @ApiProperty({ ...integer, example: 0, description: 'Its partition in the dead-letter topic.' })
  dlqPartition!: number;

  @ApiProperty({ ...integer, example: 7, description: 'Its offset in the dead-letter topic.' })
  dlqOffset!: number;
}

export class RecordHeaderDto {
  @ApiProperty({ type: String, example: 'wiber-schema-version', description: 'The name of the header.' })
  name!: string;

  @ApiProperty({
    ...optional,
    type: String,
    example: '1',
    description: 'The value as text; absent when it is not UTF-8.',
  })
  text?: string;

  @ApiProperty({ type: String, format: 'byte', example: 'MQ==', description: 'The value.' })
  base64!: string;
}

export class TrailEntryDto implements TrailEntry {
  @ApiProperty({
    ...integer,
    example: 1790000000000,
    description: 'When it was done, in milliseconds since the epoch.',
  })
  at!: number;

  @ApiProperty({ type: String, example: 'dora', description: 'Who did it, from the X-Operator header.' })
  who!: string;

  @ApiProperty({
    type: String,
    enum: ['replay', 'replayed', 'discard'],
    example: 'replay',
    description:
      'replay: an operator started the replay; replayed: the message is in the log; discard: an operator discarded it.',
  })
  what!: TrailEntry['what'];

  @ApiProperty({
    ...optional,
    type: String,
    example: MESSAGE_ID,
    description: 'The id of the message that replaces it.',
  })
  messageId?: string;

  @ApiProperty({
    ...optional,
    type: Boolean,
    example: true,
    description: "True when the operator gave another body than the record's.",
  })
  mended?: boolean;

  @ApiProperty({
    ...optional,
    type: Boolean,
    example: false,
    description: 'True when the check for newer messages in the conversation was skipped.',
  })
  forced?: boolean;

  @ApiProperty({ ...optional, ...integer, example: 3, description: 'The partition of the replayed message.' })
  partition?: number;

  @ApiProperty({ ...optional, ...integer, example: 2048, description: 'The offset of the replayed message.' })
  offset?: number;

  @ApiProperty({
    ...optional,
    type: String,
    example: 'a test of ours',
    description: 'The reason that the operator gave.',
  })
  note?: string;
}

@ApiSchema({ description: 'A dead letter with the content of its record and its trail.' })
export class DeadLetterDto extends DeadLetterSummaryDto {
  @ApiProperty({
    ...optional,
    type: String,
    example: 'alice:bob',
    description: 'The key as text; absent when the record has none or it is not UTF-8.',
  })
  keyText?: string;

  @ApiProperty({
    ...optional,
    type: String,
    format: 'byte',
    example: 'YWxpY2U6Ym9i',
    description: 'The key; absent when the record has none.',
  })
  keyBase64?: string;

  @ApiProperty({
    ...optional,
    type: String,
    example: '{"fromUser":',
    description: 'The value as text; absent when the record has none or it is not UTF-8.',
  })
  valueText?: string;

  @ApiProperty({
    ...optional,
    type: String,
    format: 'byte',
    example: 'eyJmcm9tVXNlciI6',
    description: 'The value, byte for byte; cut after 8 MiB. Absent when the record has none.',
  })
  valueBase64?: string;

  @ApiProperty({ type: [RecordHeaderDto], description: "The record's own headers, without those of the dead letter." })
  headers!: RecordHeaderDto[];

  @ApiProperty({
    ...optional,
    type: MessageDto,
    example: { ...MESSAGE, messageId: MESSAGE_ID, timestamp: 1790000000000, lamport: 42 },
    description: 'The message that replaces it, once a replay has started.',
  })
  replay?: MessageDto;

  @ApiProperty({ type: [TrailEntryDto], description: 'What operators did to it, oldest first.' })
  trail!: TrailEntryDto[];
}

@ApiSchema({ description: 'How to replay. Unknown fields are refused.' })
export class ReplayDto {
  @ApiProperty({
    ...optional,
    type: SendMessageDto,
    example: MESSAGE,
    description: "Sent instead of the record's own body.",
  })
  body?: SendMessageDto;

  @ApiProperty({
    ...optional,
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
    ...optional,
    type: String,
    maxLength: NOTE_MAX,
    example: 'a test of ours',
    description: 'The reason; kept in the trail.',
  })
  note?: string;
}

@ApiSchema({ description: 'The state of a dead letter after a replay or a discard.' })
export class DeadLetterStateDto {
  @ApiProperty(id)
  id!: string;

  @ApiProperty({ ...state, example: 'replayed' })
  state!: DeadLetterState;

  @ApiProperty({
    ...optional,
    type: String,
    example: MESSAGE_ID,
    description: 'The id of the message that replaces it.',
  })
  messageId?: string;

  @ApiProperty({ ...optional, ...integer, example: 3, description: 'The partition of the replayed message.' })
  partition?: number;

  @ApiProperty({ ...optional, ...integer, example: 2048, description: 'The offset of the replayed message.' })
  offset?: number;
}
