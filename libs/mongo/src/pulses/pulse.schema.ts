import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes } from 'mongoose';
import { isTime, type Pulse } from '@wiber/contracts';

/** The last sign of life of one process, or that somebody looks. Written and read by its _id alone. */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class PulseDocument {
  /** The topic, the app and the instance, joined with `/`, which none of them has. Of who looks: the topic and `watch`. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: SchemaTypes.Mixed })
  pulse?: Pulse;

  /** Integer milliseconds by MongoDB's clock: when it was written. */
  @Prop({ type: Number, validate: isTime })
  at?: number;

  /** Integer milliseconds by MongoDB's clock: until then somebody looks. */
  @Prop({ type: Number, validate: isTime })
  until?: number;
}

export const PulseSchema = SchemaFactory.createForClass(PulseDocument);
