import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { isTime, type BusyName } from '@wiber/contracts';

/** The windows that have a list. A second is too short for one. */
export const BUSIEST_SPANS = ['minute', 'hour'] as const;
export type BusiestSpan = (typeof BUSIEST_SPANS)[number];

const time = { type: Number, required: true, validate: isTime };

/** One window of one partition. The order of the fields is that of the readers' ranges. */
@Schema({ _id: false })
export class BusiestKey {
  /** The topic of the messages. */
  @Prop({ type: String, required: true })
  topic!: string;

  @Prop({ type: String, required: true, enum: BUSIEST_SPANS })
  span!: BusiestSpan;

  /** Integer milliseconds: the start of the window. */
  @Prop(time)
  start!: number;

  @Prop(time)
  partition!: number;
}

/**
 * The busiest conversations of one window and partition. The list is that of exactly the records which the partition has in
 * this window up to the offset `upTo`, in their order (docs/decisions/0017).
 */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class BusiestDocument {
  @Prop({ type: SchemaFactory.createForClass(BusiestKey), required: true })
  _id!: BusiestKey;

  /** The last offset that is in the list. */
  @Prop(time)
  upTo!: number;

  /** In the order of libs/contracts, `busierBy`. */
  @Prop({ type: [Object], required: true })
  list!: BusyName[];

  /** When MongoDB deletes it. */
  @Prop({ type: Date, required: true })
  expireAt!: Date;

  /** The term of the leader that wrote last. A leader of an earlier term changes nothing. */
  @Prop(time)
  term!: number;
}

export const BusiestSchema = SchemaFactory.createForClass(BusiestDocument);

// No query: MongoDB deletes lists that are older than their retention. All reads are ranges of _id.
BusiestSchema.index({ expireAt: 1 }, { name: 'busiest_expiry', expireAfterSeconds: 0 });
