import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { isTime } from '@wiber/contracts';

const finite = { type: Number, required: true, validate: Number.isFinite };

/** What one process says of its own clock. One document for each instance of an app, written by its _id alone. */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class ClockReportDocument {
  /** The topic, the app and the instance, joined with `/`, which none of them has. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** How far its clock is ahead of that of the member, in milliseconds. */
  @Prop(finite)
  offsetMs!: number;

  @Prop(finite)
  uncertaintyMs!: number;

  /** The member that was the primary then. */
  @Prop({ type: String, required: true })
  member!: string;

  /** Integer milliseconds by MongoDB's clock: when it was written. */
  @Prop({ type: Number, required: true, validate: isTime })
  at!: number;
}

export const ClockReportSchema = SchemaFactory.createForClass(ClockReportDocument);
