import mongoose, { type mongo } from 'mongoose';
import type { LogPosition, Message, StoredMessage } from '@wiber/contracts';
import { EvidenceError } from '../evidence.errors.ts';

/*
 * The format of a stored message, as seen from outside: its fields, its indexes and the filters that name them. When the
 * format changes, this file changes, and place.index.ts and activity.format.ts, and no other.
 */

const { BSON, Binary, MaxKey, MinKey, UUID } = mongoose.mongo;

/** Decoded fields. Nothing is known about their types: a damaged document may hold anything. */
export type StoredFields = Readonly<Partial<Record<keyof StoredMessage, unknown>>>;

export interface StoredDocument {
  readonly fields: StoredFields;
  /** Why the fields cannot be trusted, when they cannot. */
  readonly damage?: string | undefined;
}

/** Fields that follow from the record alone, in the order in which they are compared; storedAt does not. */
export const FIELDS_OF_RECORD = [
  'messageId',
  'fromUser',
  'toUser',
  'content',
  'timestamp',
  'lamport',
  'conversationId',
  'partition',
  'offset',
] as const satisfies readonly (keyof StoredMessage)[];

/** Keeps the bytes until somebody asks: a page of objects lives long enough for the garbage collector to copy it. */
export class RawDocument implements StoredDocument {
  private readonly bytes: Uint8Array;
  private decoded: StoredDocument | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get fields(): StoredFields {
    return (this.decoded ??= decodeDocument(this.bytes)).fields;
  }

  get damage(): string | undefined {
    return (this.decoded ??= decodeDocument(this.bytes)).damage;
  }
}

/** A string that is not UTF-8 is damage: BSON would decode it to another string. */
export const decodeDocument = (bytes: Uint8Array): StoredDocument => {
  try {
    return { fields: fieldsOf(BSON.deserialize(bytes)) };
  } catch (error) {
    const fields = fieldsOf(BSON.deserialize(bytes, { validation: { utf8: false } }));
    return { fields, damage: (error as Error).message };
  }
};

/** The place is the _id, and the message id is 16 bytes. The earlier format had both as fields, which is decoded too. */
const fieldsOf = ({ _id, messageId, ...rest }: mongo.Document): StoredFields => ({
  ...rest,
  ...(isObject(_id) ? { partition: _id['partition'], offset: _id['offset'] } : {}),
  messageId: textOf(messageId),
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !('_bsontype' in value);

const textOf = (messageId: unknown): unknown =>
  messageId instanceof Binary && messageId.sub_type === Binary.SUBTYPE_UUID
    ? messageId.toUUID().toHexString(true)
    : messageId;

/** A damaged document may have an id that is no UUID. It stays what it is. */
const bytesOf = (messageId: unknown): unknown =>
  typeof messageId === 'string' && UUID.isValid(messageId) ? new UUID(messageId).toBinary() : messageId;

const TYPES = {
  messageId: 'string',
  conversationId: 'string',
  fromUser: 'string',
  toUser: 'string',
  content: 'string',
  timestamp: 'number',
  lamport: 'number',
  partition: 'number',
  offset: 'number',
  storedAt: 'number',
} as const satisfies Partial<Record<keyof StoredMessage, string>>;

/** @throws EvidenceError when the document is damaged or a field has another type */
export const requireMessage = ({ fields, damage }: StoredDocument): StoredMessage => {
  const wrong = Object.entries(TYPES).find(([field, type]) => typeof fields[field as keyof typeof TYPES] !== type);
  if (damage === undefined && !wrong) return fields as unknown as StoredMessage;
  const detail = damage ?? `${wrong?.[0]} is not a ${wrong?.[1]}`;
  throw new EvidenceError('store_unusable', `the document of ${String(fields.messageId)} has no message: ${detail}`);
};

/**
 * The document that ingest writes for these fields. A damaged one may have fields of any type, or too few.
 * @param again for a place that other documents have already: how many
 */
export const encodeFields = (
  { partition, offset, messageId, ...rest }: StoredFields,
  again = 0,
): { _id: object; [field: string]: unknown } => ({
  _id: { partition, offset, ...(again > 0 ? { again } : {}) },
  messageId: bytesOf(messageId),
  ...rest,
});
export const encodeMessage = (stored: StoredMessage): mongo.Document => encodeFields(stored);

/** The fields of a message in a query's projection, and the message in what such a query finds. */
export const MESSAGE_PROJECTION = {
  _id: 0,
  messageId: 1,
  fromUser: 1,
  toUser: 1,
  content: 1,
  timestamp: 1,
  lamport: 1,
};
/** Its fields are in the order of an answer of the API. */
export const messageOfRow = (row: mongo.Document): Message => {
  const { messageId, fromUser, toUser, content, timestamp, lamport } = row as Message;
  return { messageId: textOf(messageId) as string, fromUser, toUser, content, timestamp, lamport };
};

/** The order of a page by time; -1 is newest first. */
export const byTime = (direction: 1 | -1) => ({ timestamp: direction, messageId: direction }) as const;

/** A place of any type. Documents that belong to no record are sorted before, between and after the numbers. */
export interface UncheckedPlace {
  partition: unknown;
  offset: unknown;
}

export const FIRST_PLACE: UncheckedPlace = { partition: new MinKey(), offset: new MinKey() };
export const LAST_PLACE: UncheckedPlace = { partition: new MaxKey(), offset: new MaxKey() };

export const ofIds = (messageIds: readonly string[]): mongo.Document => ({
  messageId: { $in: messageIds.map(bytesOf) },
});
export const ofConversation = (conversationId: string): mongo.Document => ({ conversationId });

export const contentIsNot = (content: string): mongo.Document => ({ content: { $ne: content } });

/** Whether an index forbids two documents with one message id. */
export const isUniqueId = ({ key, unique }: mongo.IndexDescriptionInfo): boolean =>
  unique === true && Object.keys(key).join() === 'messageId';

/** The same within one conversation, where messages are sharded by it. The same id may be in two conversations. */
export const isUniqueInConversation = ({ key, unique }: mongo.IndexDescriptionInfo): boolean =>
  unique === true && Object.keys(key).join() === 'conversationId,messageId';

const PLACE = { partition: '$_id.partition', offset: '$_id.offset' };

/** Groups the documents that share a message id with another one. */
export const DOUBLED_IDS: mongo.Document[] = [
  { $group: { _id: '$messageId', count: { $sum: 1 }, first: { $min: PLACE }, last: { $max: PLACE } } },
  { $match: { count: { $gt: 1 } } },
];

export interface DoubledId extends LogPosition {
  messageId: string;
  /** The place of the other document. */
  other: string;
}

export const doubledIdOf = ({ _id, first, last }: mongo.Document): DoubledId => ({
  messageId: String(textOf(_id)),
  partition: Number(last.partition),
  offset: Number(last.offset),
  other: `[${String(first.partition)}]@${String(first.offset)}`,
});

/** The times at which the first and the last document was stored. */
export const STORED_SPAN: mongo.Document[] = [
  { $group: { _id: null, first: { $min: '$storedAt' }, last: { $max: '$storedAt' } } },
];
