import { mongo } from 'mongoose';
import { messageIdOf } from './message.document.ts';
import { messagesToJson, type MessagesAsJson } from './message.json.ts';
import type { MessageDocument } from './message.schema.ts';
import type { MessageCursor, MessageSort } from './message.order.ts';

export interface MessagePage extends MessagesAsJson {
  count: number;
  /** The positions of its first and last message; undefined for an empty page. */
  first: MessageCursor | undefined;
  last: MessageCursor | undefined;
}

export const documentFrom = (bytes: Uint8Array): MessageDocument =>
  // UUIDs stay Binary, as they are written.
  mongo.BSON.deserialize(bytes, { promoteBuffers: false }) as MessageDocument;

export const cursorOf = ({ timestamp, messageId, _id }: MessageDocument, sort: MessageSort): MessageCursor =>
  sort === 'log' ? [_id.partition, _id.offset] : [timestamp, messageIdOf(messageId)];

/** Only the first and the last document become objects, for the cursors of the page. */
export const pageOf = (documents: readonly Uint8Array[], sort: MessageSort): MessagePage => {
  const at = (bytes: Uint8Array | undefined) => bytes && cursorOf(documentFrom(bytes), sort);
  return { ...messagesToJson(documents), count: documents.length, first: at(documents[0]), last: at(documents.at(-1)) };
};
