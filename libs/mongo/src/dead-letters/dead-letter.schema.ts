import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes } from 'mongoose';
import {
  DEAD_LETTERS_COLLECTION,
  DEAD_LETTER_STATES,
  LISTED_REASONS,
  isTime,
  type DeadLetterState,
  type ListedReason,
  type TopicPosition,
  type TrailEntry,
} from '@wiber/contracts';
import type { ReplayIntent } from './listed.letter.ts';

const whole = { type: Number, required: true, validate: isTime };
/** Of records that nothing is known of: no value is refused. */
const number = { type: Number, required: true };
const text = { type: String, required: true };

@Schema({ _id: false })
class DeadLetterPlace {
  @Prop(text)
  topic!: string;

  @Prop(whole)
  partition!: number;

  @Prop(whole)
  offset!: number;
}

@Schema({ _id: false })
class RecordHeader {
  @Prop({ type: String })
  name!: string;

  @Prop({ type: Buffer })
  value!: Buffer;
}

/** A dead letter as MongoDB holds it: the one source of the collection's fields, types and indexes. */
@Schema({
  collection: DEAD_LETTERS_COLLECTION,
  versionKey: false,
  autoCreate: false,
  autoIndex: false,
  strict: 'throw',
})
export class DeadLetterDocument {
  /** The first place of the record, `topic:partition:offset`, so that a record is listed once. */
  @Prop(text)
  _id!: string;

  @Prop(text)
  topic!: string;

  @Prop(number)
  partition!: number;

  @Prop(number)
  offset!: number;

  @Prop({ type: String, required: true, enum: LISTED_REASONS })
  reason!: ListedReason;

  @Prop({ type: String })
  error!: string;

  @Prop(number)
  attempts!: number;

  /** Integer milliseconds: when ingest wrote the dead letter. */
  @Prop(number)
  time!: number;

  @Prop({ type: String })
  instance!: string;

  /** Its place in the dead-letter topic. */
  @Prop({ type: SchemaFactory.createForClass(DeadLetterPlace), required: true })
  dlq!: TopicPosition;

  @Prop({ type: Buffer })
  key!: Buffer | null;

  @Prop({ type: Buffer })
  value!: Buffer | null;

  /** The length of the whole value, though less may be kept. */
  @Prop(whole)
  valueBytes!: number;

  @Prop({ type: [SchemaFactory.createForClass(RecordHeader)] })
  headers!: { name: string; value: Buffer }[];

  @Prop({ type: String, required: true, enum: DEAD_LETTER_STATES })
  state!: DeadLetterState;

  @Prop({ type: SchemaTypes.Mixed })
  replay?: ReplayIntent;

  @Prop({ type: [SchemaTypes.Mixed] })
  trail!: TrailEntry[];

  /** Integer milliseconds: when it was listed. */
  @Prop(whole)
  indexedAt!: number;
}

export const DeadLetterSchema = SchemaFactory.createForClass(DeadLetterDocument);

export const LETTERS_BY_STATE = 'letters_by_state';
export const LETTERS_BY_REASON = 'letters_by_reason';

const newestFirst = { time: -1, 'dlq.partition': -1, 'dlq.offset': -1 } as const;

// GET /dead-letters?state
DeadLetterSchema.index({ 'dlq.topic': 1, state: 1, ...newestFirst }, { name: LETTERS_BY_STATE });
// GET /dead-letters?reason&state
DeadLetterSchema.index({ 'dlq.topic': 1, reason: 1, state: 1, ...newestFirst }, { name: LETTERS_BY_REASON });
