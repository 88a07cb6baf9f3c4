import type { mongo } from 'mongoose';
import { sameBody, type StoredMessage } from '@wiber/contracts';
import { MESSAGE_ONCE } from './message.indexes.ts';
import { StoreUnavailableError } from './mongo.errors.ts';

/** A stored message that a record could not join, with what the store said. */
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

type Messages = mongo.Collection<StoredMessage>;

const DUPLICATE_KEY = 11000;
/** What MongoDB says of a document and not of itself: too large, its validation failed, or an operator's unique index. */
const CONTENT_ERRORS = new Set([10334, 17419, 17420, 121, DUPLICATE_KEY]);

/**
 * One unordered bulk write, and what became of each of its documents.
 * @throws whatever the driver does, and StoreUnavailableError, when anything may be unwritten
 */
export const insertOnce = async (
  messages: Messages,
  batch: readonly StoredMessage[],
  options: mongo.BulkWriteOptions,
): Promise<Inserted> => {
  // A fresh copy of each: the driver adds _id to what it inserts, and a second try must not carry the first's.
  const documents = batch.map((message) => ({ ...message }));
  try {
    await messages.insertMany(documents, { ...options, ordered: false });
    return { stored: batch.length, alreadyStored: 0, refused: [] };
  } catch (error) {
    if (!isBulkWriteError(error) || !accountsFor(batch, error)) throw error;
    return settle(messages, batch, error);
  }
};

const settle = async (
  messages: Messages,
  batch: readonly StoredMessage[],
  error: mongo.MongoBulkWriteError,
): Promise<Inserted> => {
  const refused: Refusal[] = [];
  const duplicates: StoredMessage[] = [];
  for (const { code, index, errmsg = '' } of [error.writeErrors].flat()) {
    const message = batch[index];
    if (!message) throw error;
    if (code === DUPLICATE_KEY && errmsg.includes(`index: ${MESSAGE_ONCE}`)) duplicates.push(message);
    else if (CONTENT_ERRORS.has(Number(code))) refused.push({ message, reason: 'refused_by_store', detail: errmsg });
    else throw error;
  }
  const conflicts = await conflictsOf(messages, duplicates);
  refused.push(...conflicts);
  return { stored: error.insertedCount, alreadyStored: duplicates.length - conflicts.length, refused };
};

/** Those of the duplicates whose id is stored with another body. */
const conflictsOf = async (messages: Messages, duplicates: readonly StoredMessage[]): Promise<Refusal[]> => {
  const ids = duplicates.map(({ messageId }) => messageId);
  const found = await messages.find({ messageId: { $in: ids } }).toArray();
  const present = new Map(found.map((message) => [message.messageId, message]));
  return duplicates.flatMap((message): Refusal[] => {
    const { messageId } = message;
    const first = present.get(messageId);
    if (!first) throw new StoreUnavailableError(`${messageId} is a duplicate of a message not readable yet`);
    if (sameBody(first, message)) return [];
    return [{ message, reason: 'idempotency_conflict', detail: `${messageId} is stored with another body` }];
  });
};

/**
 * The driver wraps any failure of a bulk in this error, a cut connection or a stepped-down primary too, and then with
 * no word of single documents. It tells what became of the batch only where each document is inserted or refused.
 */
const accountsFor = (batch: readonly StoredMessage[], error: mongo.MongoBulkWriteError): boolean => {
  const told = error.insertedCount + [error.writeErrors].flat().length;
  return told === batch.length && error.result.getWriteConcernError() === undefined;
};

const isBulkWriteError = (error: unknown): error is mongo.MongoBulkWriteError =>
  error instanceof Error && error.name === 'MongoBulkWriteError';
