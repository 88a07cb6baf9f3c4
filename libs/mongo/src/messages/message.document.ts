import { mongo } from 'mongoose';
import { isTime, type Message, type StoredMessage } from '@wiber/contracts';
import type { MessageDocument } from './message.schema.ts';

/** Before and behind every UUID. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export const uuidOf = (messageId: string): mongo.Binary =>
  new mongo.Binary(Buffer.from(messageId.replaceAll('-', ''), 'hex'), mongo.Binary.SUBTYPE_UUID);

export const messageIdOf = (uuid: mongo.Binary): string => uuid.toUUID().toHexString(true);

export const isUuid = (value: unknown): value is mongo.Binary =>
  value instanceof mongo.Binary && value.sub_type === mongo.Binary.SUBTYPE_UUID && value.length() === 16;

export const documentOf = ({ messageId, partition, offset, ...rest }: StoredMessage): MessageDocument => ({
  _id: { partition, offset },
  messageId: uuidOf(messageId),
  ...rest,
});

/** Why a document is no message; undefined for a message. Only types are looked at, and ranges of times. */
export const oddityOf = (document: Partial<Record<keyof MessageDocument, unknown>>): string | undefined => {
  if (!isUuid(document.messageId)) return 'messageId is no UUID';
  for (const field of ['fromUser', 'toUser', 'content'] as const)
    if (typeof document[field] !== 'string') return `${field} is no text`;
  for (const field of ['timestamp', 'lamport'] as const)
    if (!isTime(document[field])) return `${field} is no whole number`;
  return undefined;
};

export const messageOf = ({ messageId, fromUser, toUser, content, timestamp, lamport }: MessageDocument): Message => ({
  // A replay also meets documents that are no message.
  messageId: isUuid(messageId) ? messageIdOf(messageId) : '(no id)',
  fromUser,
  toUser,
  content,
  timestamp,
  lamport,
});
