import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { isTime, type Stream, type WindowSize } from '@wiber/contracts';

const time = { type: Number, required: true, validate: isTime };

/** What was last seen of a partition: gauges. */
export interface PartitionGauges {
  /** The offset after the last record that every in-sync replica has, also behind an open transaction. */
  end?: number;
  /** True: nothing behind its position is counted until somebody acts. A batch can't be decoded, or the topic was made anew. */
  isStopped?: boolean;
  /** The offset that ingest has committed; of the message topic only. */
  committed?: number;
  /**
   * When the oldest record that ingest has not committed was appended, in milliseconds; null when there is none. Where no look
   * finds that record, when a worker first saw that there is one.
   */
  waitingSince?: number | null;
}

/** How far each stream of a topic is counted. One small document, read and written by its _id alone. */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class ProgressDocument {
  /** The topic of the messages. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** Another one after the document was deleted: a worker that goes on from the deleted one notices. */
  @Prop({ type: String })
  progressId?: string;

  /** How often it was written. It only grows, so a worker that has seen more of them notices that a backup was put back. */
  @Prop({ type: Number, validate: isTime })
  writes?: number;

  /** By stream and partition (`p0`): the offset from which it is counted, where that is not the first. Never changed. */
  @Prop({ type: Object })
  begin?: Partial<Record<Stream, Record<string, number>>>;

  /** By stream and partition: everything before this offset is counted, for good. It only grows. */
  @Prop({ type: Object })
  next?: Partial<Record<Stream, Record<string, number>>>;

  /** By stream, in milliseconds: everything of an earlier time is counted. It grows, and is never ahead of the clock for long. */
  @Prop({ type: Object })
  completeTo?: Partial<Record<Stream, number>>;

  /** By stream, in integer milliseconds by MongoDB's clock: the end of the last round that looked at all its partitions. */
  @Prop({ type: Object })
  countedAt?: Partial<Record<Stream, number>>;

  /** By stream and partition. */
  @Prop({ type: Object })
  gauges?: Partial<Record<Stream, Record<string, PartitionGauges>>>;

  /** By size, in milliseconds: how long windows are shown after their end. */
  @Prop({ type: Object })
  keptMs?: Partial<Record<WindowSize, number>>;

  /** By size, in integer milliseconds: windows that ended before this are deleted, though they would be shown now. */
  @Prop({ type: Object })
  keptFrom?: Partial<Record<WindowSize, number>>;

  /** Integer milliseconds by MongoDB's clock: the last write. */
  @Prop(time)
  at!: number;

  /** The term of the leader that wrote last. A leader of an earlier term changes nothing. */
  @Prop(time)
  term!: number;

  /** The same as `term`, as evidence: earlier versions kept the largest there. */
  @Prop({ type: Number, validate: isTime })
  lastTerm?: number;
}

export const ProgressSchema = SchemaFactory.createForClass(ProgressDocument);
