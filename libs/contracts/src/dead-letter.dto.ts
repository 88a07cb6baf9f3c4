import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  EXAMPLE_MESSAGE,
  EXAMPLE_MESSAGE_ID,
  INTEGER,
  LETTER_ID,
  LETTER_STATE,
  OPTIONAL,
  REPLACED_BY,
  REPLAYED_OFFSET,
  REPLAYED_PARTITION,
} from './dead-letter.fields.ts';
import { LISTED_REASONS, type DeadLetterState, type ListedReason, type TrailEntry } from './dead-letter.ts';
import { MessageDto } from './message.dto.ts';

@ApiSchema({ description: 'A dead letter without the content of its record.' })
export class DeadLetterSummaryDto {
  @ApiProperty(LETTER_ID)
  id!: string;

  @ApiProperty({ type: String, example: 'wiber.messages', description: 'The topic of the rejected record.' })
  topic!: string;

  @ApiProperty({ ...INTEGER, example: 3, description: 'The partition of the rejected record.' })
  partition!: number;

  @ApiProperty({ ...INTEGER, example: 1042, description: 'The offset of the rejected record.' })
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

  @ApiProperty({ ...INTEGER, example: 1, description: 'How often its handling was attempted.' })
  attempts!: number;

  @ApiProperty({
    ...INTEGER,
    example: 1790000000000,
    description: 'When it was rejected, in milliseconds since the epoch.',
  })
  time!: number;

  @ApiProperty({ type: String, example: 'ingest-1', description: 'The process that rejected it.' })
  instance!: string;

  @ApiProperty(LETTER_STATE)
  state!: DeadLetterState;

  @ApiProperty({ ...INTEGER, example: 173, description: 'The length of the value in bytes.' })
  valueBytes!: number;

  @ApiProperty({ ...INTEGER, example: 0, description: 'Its partition in the dead-letter topic.' })
  dlqPartition!: number;

  @ApiProperty({ ...INTEGER, example: 7, description: 'Its offset in the dead-letter topic.' })
  dlqOffset!: number;
}

export class RecordHeaderDto {
  @ApiProperty({ type: String, example: 'wiber-schema-version', description: 'The name of the header.' })
  name!: string;

  @ApiProperty({
    ...OPTIONAL,
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
    ...INTEGER,
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

  @ApiProperty(REPLACED_BY)
  messageId?: string;

  @ApiProperty({
    ...OPTIONAL,
    type: Boolean,
    example: true,
    description: "True when the operator gave another body than the record's.",
  })
  mended?: boolean;

  @ApiProperty({
    ...OPTIONAL,
    type: Boolean,
    example: false,
    description: 'True when the check for newer messages in the conversation was skipped.',
  })
  forced?: boolean;

  @ApiProperty(REPLAYED_PARTITION)
  partition?: number;

  @ApiProperty(REPLAYED_OFFSET)
  offset?: number;

  @ApiProperty({
    ...OPTIONAL,
    type: String,
    example: 'a test of ours',
    description: 'The reason that the operator gave.',
  })
  note?: string;
}

@ApiSchema({ description: 'A dead letter with the content of its record and its trail.' })
export class DeadLetterDto extends DeadLetterSummaryDto {
  @ApiProperty({
    ...OPTIONAL,
    type: String,
    example: 'alice:bob',
    description: 'The key as text; absent when the record has none or it is not UTF-8.',
  })
  keyText?: string;

  @ApiProperty({
    ...OPTIONAL,
    type: String,
    format: 'byte',
    example: 'YWxpY2U6Ym9i',
    description: 'The key; absent when the record has none.',
  })
  keyBase64?: string;

  @ApiProperty({
    ...OPTIONAL,
    type: String,
    example: '{"fromUser":',
    description: 'The value as text; absent when the record has none or it is not UTF-8.',
  })
  valueText?: string;

  @ApiProperty({
    ...OPTIONAL,
    type: String,
    format: 'byte',
    example: 'eyJmcm9tVXNlciI6',
    description: 'The value, byte for byte; cut after 8 MiB. Absent when the record has none.',
  })
  valueBase64?: string;

  @ApiProperty({ type: [RecordHeaderDto], description: "The record's own headers, without those of the dead letter." })
  headers!: RecordHeaderDto[];

  @ApiProperty({
    ...OPTIONAL,
    type: MessageDto,
    example: { ...EXAMPLE_MESSAGE, messageId: EXAMPLE_MESSAGE_ID, timestamp: 1790000000000, lamport: 42 },
    description: 'The message that replaces it, once a replay has started.',
  })
  replay?: MessageDto;

  @ApiProperty({ type: [TrailEntryDto], description: 'What operators did to it, oldest first.' })
  trail!: TrailEntryDto[];
}
