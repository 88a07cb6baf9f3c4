import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { TOPICS_COLLECTION, isTime } from '@wiber/contracts';

/** What is known of a topic whose messages are stored here. It is read by its _id alone, so it needs no other index. */
@Schema({ collection: TOPICS_COLLECTION, versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class TopicDocument {
  /** The name of the topic. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** The number of partitions by which the conversations of the stored messages were spread. */
  @Prop({ type: Number, required: true, validate: isTime })
  partitions!: number;

  /** Integer milliseconds: when a gateway first sent with this number. */
  @Prop({ type: Number, required: true, validate: isTime })
  since!: number;
}

export const TopicSchema = SchemaFactory.createForClass(TopicDocument);
