import type { mongo } from 'mongoose';
import { sameBody, type StoredMessage } from '@wiber/contracts';
import { DUPLICATE_KEY, writeErrorsOf } from '../connection/bulk.errors.ts';
import { StoreUnavailableError } from '../connection/mongo.errors.ts';
import { documentOf, messageIdOf, messageOf } from './message.document.ts';
import { layoutOf, type MessageLayout } from './message.layout.ts';
import { BY_PLACE, MESSAGE_ONCE, MESSAGE_ONCE_IN_CONVERSATION, type MessageDocument } from './message.schema.ts';

/** A message that the store refused, and why. */
export interface Refusal {
  message: StoredMessage;
  reason: 'idempotency_conflict' | 'refused_by_store';
  detail: string;
}

export interface Inserted {
  stored: number;
  alreadyStored: number;
  refused: Refusal[];
}

export type MessageCollection = mongo.Collection<MessageDocument>;

/** Errors about a document, not about the server: too large, refused by validation, or by a unique index of an operator. */
const CONTENT_ERRORS = new Set([10334, 17419, 17420, 121, DUPLICATE_KEY]);

/**
 * Inserts messages with one unordered bulk write and reports the outcome of each.
 * @throws any error of the driver, and StoreUnavailableError, when some of them may not be written
 */
export const insertOnce = (
  collection: MessageCollection,
  batch: readonly StoredMessage[],
  ports: InsertPorts,
): Promise<Inserted> => insertAt(collection, batch, { ...ports, again: 0 });

export interface InsertPorts {
  options: mongo.BulkWriteOptions;
  layout: MessageLayout;
}

interface Place extends InsertPorts {
  /** How often the places of these messages were found taken. */
  again: number;
}

const insertAt = async (
  collection: MessageCollection,
  batch: readonly StoredMessage[],
  place: Place,
): Promise<Inserted> => {
  const documents = batch.map(documentOf);
  if (place.again > 0) for (const { _id } of documents) _id.again = place.again;
  try {
    await collection.insertMany(documents, { ...place.options, ordered: false });
    return { stored: batch.length, alreadyStored: 0, refused: [] };
  } catch (error) {
    const errors = writeErrorsOf(error, batch.length);
    if (!errors) throw error;
    const result = sortErrors(batch, errors, { namespace: collection.namespace, cause: error });
    const settled = await settleDuplicates(collection, result.duplicates, place);
    return {
      stored: batch.length - errors.length + settled.stored,
      alreadyStored: settled.alreadyStored,
      refused: [...result.refused, ...settled.refused],
    };
  }
};

/** The unique indexes of both layouts. A collection whose layout was changed may have all of them. */
const UNIQUE = [MESSAGE_ONCE, MESSAGE_ONCE_IN_CONVERSATION, BY_PLACE] as const;

interface Duplicate {
  message: StoredMessage;
  index: (typeof UNIQUE)[number];
}

const sortErrors = (
  batch: readonly StoredMessage[],
  errors: readonly mongo.WriteError[],
  { namespace, cause }: { namespace: string; cause: unknown },
) => {
  const duplicates: Duplicate[] = [];
  const refused: Refusal[] = [];
  for (const { code, index, errmsg = '' } of errors) {
    const message = batch[index];
    if (!message) throw cause;
    // From its start: behind the name stands the key's value, which may say anything.
    const unique = UNIQUE.find((name) =>
      errmsg.startsWith(`E11000 duplicate key error collection: ${namespace} index: ${name} dup key`),
    );
    if (code === DUPLICATE_KEY && unique) duplicates.push({ message, index: unique });
    else if (CONTENT_ERRORS.has(Number(code))) refused.push({ message, reason: 'refused_by_store', detail: errmsg });
    else throw cause;
  }
  return { duplicates, refused };
};

/** A stored message with the same body is the same message; another body under its id is an idempotency conflict. */
const settleDuplicates = async (
  collection: MessageCollection,
  duplicates: readonly Duplicate[],
  { options, layout, again }: Place,
): Promise<Inserted> => {
  // The index of the whole collection is there still: the other message may be in another conversation.
  const isOneOfAll = duplicates.some(({ index }) => index === MESSAGE_ONCE);
  const { filterOf, identityOf } = isOneOfAll ? layoutOf('none') : layout;
  const filter = filterOf(duplicates.map(({ message }) => message));
  const found = await collection.find(filter, { promoteBuffers: false }).toArray();
  const present = new Map(found.map((document) => [identityOf(identityIn(document)), messageOf(document)]));
  const refused: Refusal[] = [];
  const displaced: StoredMessage[] = [];
  let alreadyStored = 0;
  for (const { message, index } of duplicates) {
    const { messageId } = message;
    const first = present.get(identityOf(message));
    if (first && sameBody(first, message)) alreadyStored += 1;
    else if (first)
      refused.push({
        message,
        reason: 'idempotency_conflict',
        detail: `${messageId} is stored with another body`,
      });
    // Another message is at its place: the topic was made anew. It is stored beside that one.
    else if (index === BY_PLACE) displaced.push(message);
    else throw new StoreUnavailableError(`${messageId} is a duplicate of a message not readable yet`);
  }
  if (displaced.length === 0) return { stored: 0, alreadyStored, refused };
  const beside = await insertAt(collection, displaced, { options, layout, again: again + 1 });
  return {
    stored: beside.stored,
    alreadyStored: alreadyStored + beside.alreadyStored,
    refused: [...refused, ...beside.refused],
  };
};

const identityIn = ({ conversationId, messageId }: MessageDocument) => ({
  conversationId,
  messageId: messageIdOf(messageId),
});
