import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, mongo, type IndexOptions } from 'mongoose';
import { INSTANCE_NAME, contentProblem, isTime, usernameProblem } from '@wiber/contracts';

/** The place of a record in the log: the key of its message, so that a redelivery finds it. */
@Schema({ _id: false })
export class PlaceInLog {
  @Prop({ type: Number, required: true, validate: isTime })
  partition!: number;

  @Prop({ type: Number, required: true, validate: isTime })
  offset!: number;

  /** Absent in the usual case. Counts further messages at one place, which only a topic that was made anew can have. */
  @Prop({ type: Number })
  again?: number;
}

const name = { type: String, required: true, validate: (value: string) => usernameProblem(value) === undefined };
const time = { type: Number, required: true, validate: isTime };

/** A message as MongoDB holds it: the one source of the collection's fields, types and indexes. */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class MessageDocument {
  @Prop({ type: SchemaFactory.createForClass(PlaceInLog), required: true })
  _id!: PlaceInLog;

  /** 16 bytes instead of 36 characters. Bytes and text sort alike. */
  @Prop({ type: SchemaTypes.UUID, required: true })
  messageId!: mongo.Binary;

  /** Both usernames, sorted and joined with a colon. */
  @Prop({ type: String, required: true })
  conversationId!: string;

  @Prop(name)
  fromUser!: string;

  @Prop(name)
  toUser!: string;

  @Prop({ type: String, required: true, validate: (value: string) => contentProblem(value) === undefined })
  content!: string;

  /** Integer milliseconds, the gateway's clock when it accepted the message. */
  @Prop(time)
  timestamp!: number;

  @Prop(time)
  lamport!: number;

  /** Integer milliseconds, ingest's clock when it wrote the message. */
  @Prop(time)
  storedAt!: number;

  /** Integer milliseconds, ingest's clock when it took the record from the log. Older documents have no such field. */
  @Prop({ type: Number, validate: isTime })
  takenAt?: number;

  /** The `INSTANCE` that wrote the message. Older documents have no such field. */
  @Prop({ type: String, match: INSTANCE_NAME })
  storedBy?: string;
}

export const MessageSchema = SchemaFactory.createForClass(MessageDocument);

/**
 * An insert changes one page of each of these indexes, at a place that has nothing to do with the last insert. Such a page
 * is read, evicted and written whole, so a small page makes a large store fast (docs/decisions/0012).
 */
export const SMALL_PAGES = { storageEngine: { wiredTiger: { configString: 'leaf_page_max=4KB' } } } as IndexOptions;

export const MESSAGE_ONCE = 'message_once';
/** These two stand in for `message_once` where the collection is sharded by conversation. */
export const MESSAGE_ONCE_IN_CONVERSATION = 'message_once_in_conversation';
export const MESSAGE_BY_ID = 'message_by_id';
export const CONVERSATION_BY_TIME = 'conversation_by_time';
export const CONVERSATION_BY_LAMPORT = 'conversation_by_lamport';
export const CONVERSATION_BY_LOG = 'conversation_by_log';
/** Made by MongoDB on _id: the last stored record of a partition, the audit's walk in log order, the count of all. */
export const BY_PLACE = '_id_';

// A redelivered record or a retry under one Idempotency-Key stores nothing twice; GET /messages/{messageId}
MessageSchema.index({ messageId: 1 }, { name: MESSAGE_ONCE, unique: true, ...SMALL_PAGES });
// GET /messages/{user1}/{user2}?sort=timestamp and GET /users/{user}/messages
MessageSchema.index({ conversationId: 1, timestamp: 1, messageId: 1 }, { name: CONVERSATION_BY_TIME, ...SMALL_PAGES });
// GET /messages/{user1}/{user2}?sort=lamport (docs/decisions/0021)
MessageSchema.index({ conversationId: 1, lamport: 1, messageId: 1 }, { name: CONVERSATION_BY_LAMPORT, ...SMALL_PAGES });
// GET /messages/{user1}/{user2}?sort=log and GET /messages/count
MessageSchema.index(
  { conversationId: 1, '_id.partition': 1, '_id.offset': 1 },
  { name: CONVERSATION_BY_LOG, ...SMALL_PAGES },
);
