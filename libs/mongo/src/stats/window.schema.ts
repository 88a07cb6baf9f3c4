import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SAMPLE_SIZE, STREAMS, isTime, type Span, type Stream } from '@wiber/contracts';

const time = { type: Number, required: true, validate: isTime };

/** One window of one partition: the key of its figures. The order of the fields is that of the readers' ranges. */
@Schema({ _id: false })
export class WindowKey {
  /** The topic of the messages, also for their dead letters. */
  @Prop({ type: String, required: true })
  topic!: string;

  @Prop({ type: String, required: true, enum: STREAMS })
  stream!: Stream;

  @Prop({ type: String, required: true, enum: Object.keys(SAMPLE_SIZE) })
  span!: Span;

  /** Integer milliseconds: the start of the window; 0 of `total`. */
  @Prop(time)
  start!: number;

  /** Of the message topic; for `dead_lettered` of the dead-letter topic. */
  @Prop(time)
  partition!: number;
}

/**
 * The figures of one window and partition. They hold exactly what the partition has in this window up to the offset `upTo`
 * (docs/decisions/0016).
 */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class WindowDocument {
  @Prop({ type: SchemaFactory.createForClass(WindowKey), required: true })
  _id!: WindowKey;

  /** Of `total` only: the first offset that is counted here. Whatever lies between it and `upTo` is counted. */
  @Prop({ type: Number, validate: isTime })
  first?: number;

  /**
   * Of `total` of `stored` only: there are `earlier` documents from the offset `earlierFrom` on and before `first`. They were
   * stored before the first worker came, and are in no other figure.
   */
  @Prop({ type: Number, validate: isTime })
  earlierFrom?: number;

  @Prop({ type: Number, validate: isTime })
  earlier?: number;

  /** The last offset that is counted here. */
  @Prop(time)
  upTo!: number;

  /** Names and numbers: see COUNT of libs/contracts. */
  @Prop({ type: Object, required: true })
  counts!: Record<string, number>;

  /** The smallest hashes of distinct names, smallest first: see SAMPLE of libs/contracts. */
  @Prop({ type: Object, required: true })
  samples!: Record<string, number[]>;

  /** When MongoDB deletes it; absent of `total`. */
  @Prop({ type: Date })
  expireAt?: Date;

  /** The term of the leader that wrote last. A leader of an earlier term changes nothing. */
  @Prop(time)
  term!: number;

  /** The same as `term`, as evidence: earlier versions kept the largest there. Absent of windows from before this field. */
  @Prop({ type: Number, validate: isTime })
  lastTerm?: number;
}

export const WindowSchema = SchemaFactory.createForClass(WindowDocument);

export const WINDOW_EXPIRY = 'window_expiry';

// No query: MongoDB deletes windows that are older than their retention. All reads are ranges of _id.
WindowSchema.index({ expireAt: 1 }, { name: WINDOW_EXPIRY, expireAfterSeconds: 0 });
