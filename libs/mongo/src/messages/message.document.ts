import { mongo } from 'mongoose';
import type { Message, StoredMessage } from '@wiber/contracts';
import type { MessageDocument } from './message.schema.ts';

export const uuidOf = (messageId: string): mongo.Binary =>
  new mongo.Binary(Buffer.from(messageId.replaceAll('-', ''), 'hex'), mongo.Binary.SUBTYPE_UUID);

export const messageIdOf = (uuid: mongo.Binary): string => uuid.toUUID().toHexString(true);

export const documentOf = ({ messageId, partition, offset, ...rest }: StoredMessage): MessageDocument => ({
  _id: { partition, offset },
  messageId: uuidOf(messageId),
  ...rest,
});

export const messageOf = ({ messageId, fromUser, toUser, content, timestamp, lamport }: MessageDocument): Message => ({
  messageId: messageIdOf(messageId),
  fromUser,
  toUser,
  content,
  timestamp,
  lamport,
});
