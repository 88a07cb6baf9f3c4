import { mongo } from 'mongoose';
import { cursorOf } from './page.cursor.ts';
import { messagesToJsonInTurns, type LeaveOut, type MessagesAsJson } from './page.json.ts';
import type { MessageDocument } from './message.schema.ts';
import type { MessageCursor, MessageOrder, MessageSort } from './message.order.ts';

export interface MessagePage extends MessagesAsJson {
  /** How many documents were found, with those that are left out. */
  count: number;
  /** The positions of its first and last document; undefined for an empty page. */
  first: MessageCursor | undefined;
  last: MessageCursor | undefined;
}

export interface PageOptions {
  sort: MessageSort;
  order: MessageOrder;
  leaveOut: LeaveOut;
}

export const documentFrom = (bytes: Uint8Array): MessageDocument =>
  // UUIDs stay Binary, as they are written. Texts of a foreign writer may be no UTF-8.
  mongo.BSON.deserialize(bytes, { promoteBuffers: false, validation: { utf8: false } }) as MessageDocument;

/** Only the first and the last document become objects, for the cursors of the page. */
export const pageOf = async (
  documents: readonly Uint8Array[],
  { sort, order, leaveOut }: PageOptions,
): Promise<MessagePage> => {
  const at = (bytes: Uint8Array | undefined, onwards: MessageOrder) =>
    bytes && cursorOf(documentFrom(bytes), { sort, order: onwards });
  const page = await messagesToJsonInTurns(documents, leaveOut);
  // From its first document on a page is read backwards, from its last one onwards.
  const backwards = order === 'asc' ? 'desc' : 'asc';
  return {
    ...page,
    count: documents.length,
    first: at(documents[0], backwards),
    last: at(documents.at(-1), order),
  };
};
