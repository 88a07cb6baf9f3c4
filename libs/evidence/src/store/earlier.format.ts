import type { mongo } from 'mongoose';
import type { StoredMessage } from '@wiber/contracts';

/** A message as earlier versions stored it: under an ObjectId that the driver adds, with its id as text. */
export const encodeEarlier = (stored: StoredMessage): mongo.Document => ({
  ...stored,
  participants: [...new Set([stored.fromUser, stored.toUser])],
});

/** The indexes of earlier versions. */
export const EARLIER_INDEXES: mongo.IndexDescription[] = [
  { name: 'message_once', key: { messageId: 1 }, unique: true },
  { name: 'conversation_by_time', key: { conversationId: 1, timestamp: 1, messageId: 1 } },
  { name: 'conversation_by_log', key: { conversationId: 1, partition: 1, offset: 1 } },
  { name: 'participant_by_time', key: { participants: 1, timestamp: 1, messageId: 1 } },
  { name: 'log_position', key: { partition: 1, offset: 1 } },
];
