import type { mongo } from 'mongoose';

/** The index whose duplicates are redeliveries and retries. */
export const MESSAGE_ONCE = 'message_once';

/** Each index with the query it serves. */
export const MESSAGE_INDEXES: mongo.IndexDescription[] = [
  // A redelivered record or a retry under one Idempotency-Key stores nothing twice; GET /messages/{messageId}.
  { name: MESSAGE_ONCE, key: { messageId: 1 }, unique: true },
  // GET /messages/{user1}/{user2}?sort=timestamp
  { name: 'conversation_by_time', key: { conversationId: 1, timestamp: 1, messageId: 1 } },
  // GET /messages/{user1}/{user2}?sort=log
  { name: 'conversation_by_log', key: { conversationId: 1, partition: 1, offset: 1 } },
  // GET /users/{user}/messages and the count of one user
  { name: 'participant_by_time', key: { participants: 1, timestamp: 1, messageId: 1 } },
  // The last stored offset of each partition: where a gateway's Lamport clock starts
  { name: 'log_position', key: { partition: 1, offset: 1 } },
];
