import type { mongo } from 'mongoose';
import { COLLECTION_SUFFIX, type StoredMessage } from '@wiber/contracts';

/*
 * The index of activity, as seen from outside. It has a document for each hour in which a user has messages in a
 * conversation, and its _id is all that it holds. A user's messages are found through it, so a message without its entry
 * is hidden from its user.
 */

const HOUR_MS = 3_600_000;
const HOUR_DIGITS = 10;

/** One document of the index. */
export interface ActivityDocument {
  _id: string;
}

export const activityCollectionOf = (messages: string): string => `${messages}${COLLECTION_SUFFIX.activity}`;

export type ActiveMessage = Pick<StoredMessage, 'fromUser' | 'toUser' | 'conversationId' | 'timestamp'>;

const hourOf = ({ timestamp }: ActiveMessage): string =>
  String(Math.floor(timestamp / HOUR_MS)).padStart(HOUR_DIGITS, '0');

/** The same for all messages of a conversation in one hour: they share their entries. */
export const activityGroupOf = (message: ActiveMessage): string => `${hourOf(message)}:${message.conversationId}`;

export const activityKeyOf = (user: string, message: ActiveMessage): string => `${user}:${activityGroupOf(message)}`;

/**
 * An aggregation of the database that gives those of the keys that have no document. The collection is clustered, and
 * MongoDB 6 reads all of it for a find with $in: measured with 200,000 documents, 1,000 keys take 14 ms so and 60 ms with
 * $in, which grows with the collection.
 */
export const missingFrom = (collection: string, keys: readonly string[]): mongo.Document[] => [
  { $documents: keys.map((_id) => ({ _id })) },
  { $lookup: { from: collection, localField: '_id', foreignField: '_id', as: 'found' } },
  { $match: { found: [] } },
];
