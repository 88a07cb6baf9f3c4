import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { mongo } from 'mongoose';

/**
 * One entry for each hour in which a user has a message in a conversation. A user's messages are found through their
 * conversations, so no message needs an index entry for each of its users (docs/decisions/0012).
 */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class ActivityDocument {
  /** user, hour since the epoch with 10 digits, conversation; joined with colons, which no username holds. */
  @Prop({ type: String, required: true })
  _id!: string;
}

export const ActivitySchema = SchemaFactory.createForClass(ActivityDocument);

/** The key is the whole document, so documents and key are one B-tree. Small pages: see MessageSchema. */
export const ACTIVITY_COLLECTION: mongo.CreateCollectionOptions = {
  clusteredIndex: { key: { _id: 1 }, unique: true },
  storageEngine: { wiredTiger: { configString: 'leaf_page_max=4KB' } },
};
