import type { StoredMessage } from '@wiber/contracts';

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

export const activityCollectionOf = (messages: string): string => `${messages}.activity`;

export type ActiveMessage = Pick<StoredMessage, 'fromUser' | 'toUser' | 'conversationId' | 'timestamp'>;

const hourOf = ({ timestamp }: ActiveMessage): string =>
  String(Math.floor(timestamp / HOUR_MS)).padStart(HOUR_DIGITS, '0');

/** The same for all messages of a conversation in one hour: they share their entries. */
export const activityGroupOf = (message: ActiveMessage): string => `${hourOf(message)}:${message.conversationId}`;

export const activityKeyOf = (user: string, message: ActiveMessage): string => `${user}:${activityGroupOf(message)}`;
