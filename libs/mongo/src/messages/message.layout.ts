import type { mongo } from 'mongoose';
import type { ShardKey } from '../connection/store.settings.ts';
import { indexesOf } from '../connection/schema.indexes.ts';
import { uuidOf } from './message.document.ts';
import {
  MESSAGE_BY_ID,
  MESSAGE_ONCE,
  MESSAGE_ONCE_IN_CONVERSATION,
  MessageSchema,
  SMALL_PAGES,
  type MessageDocument,
} from './message.schema.ts';

type Identity = Pick<MessageDocument, 'conversationId'> & { messageId: string };

/** What keeps a message from being stored twice, and how a message is found by its id. It follows from the shard key. */
export interface MessageLayout {
  /** The indexes of the collection. */
  indexes: mongo.IndexDescription[];
  /** The index that has the ids of messages first. */
  byId: typeof MESSAGE_ONCE | typeof MESSAGE_BY_ID;
  /** The unique index. */
  once: typeof MESSAGE_ONCE | typeof MESSAGE_ONCE_IN_CONVERSATION;
  /** What the unique index keeps apart, as the `_id` of a $group. */
  uniqueKey: string | Record<string, string>;
  /** Messages with one identity are one message. */
  identityOf: (message: Identity) => string;
  /** Finds the stored messages with these identities, and perhaps more. */
  filterOf: (messages: readonly Identity[]) => mongo.Document;
}

const uuidsOf = (messages: readonly Identity[]): mongo.Binary[] => messages.map(({ messageId }) => uuidOf(messageId));

/** A messageId is unique in the collection. */
const UNSHARDED: MessageLayout = {
  indexes: indexesOf(MessageSchema),
  byId: MESSAGE_ONCE,
  once: MESSAGE_ONCE,
  uniqueKey: '$messageId',
  identityOf: ({ messageId }) => messageId,
  filterOf: (messages) => ({ messageId: { $in: uuidsOf(messages) } }),
};

/** A messageId is unique in its conversation. Each filter names the conversations, so that only their shards are asked. */
const BY_CONVERSATION: MessageLayout = {
  indexes: [
    ...UNSHARDED.indexes.filter(({ name }) => name !== MESSAGE_ONCE),
    // A redelivered record or a retry under one Idempotency-Key stores nothing twice
    {
      key: { conversationId: 1, messageId: 1 },
      name: MESSAGE_ONCE_IN_CONVERSATION,
      unique: true,
      ...(SMALL_PAGES as object),
    },
    // GET /messages/{messageId}, and what a keyed send looks for
    { key: { messageId: 1 }, name: MESSAGE_BY_ID, ...(SMALL_PAGES as object) },
  ],
  byId: MESSAGE_BY_ID,
  once: MESSAGE_ONCE_IN_CONVERSATION,
  uniqueKey: { conversationId: '$conversationId', messageId: '$messageId' },
  identityOf: ({ conversationId, messageId }) => `${conversationId}/${messageId}`,
  filterOf: (messages) => ({
    conversationId: { $in: [...new Set(messages.map(({ conversationId }) => conversationId))] },
    messageId: { $in: uuidsOf(messages) },
  }),
};

const LAYOUTS: Readonly<Record<ShardKey, MessageLayout>> = { none: UNSHARDED, conversationId: BY_CONVERSATION };

export const layoutOf = (shardKey: ShardKey = 'none'): MessageLayout => LAYOUTS[shardKey];
