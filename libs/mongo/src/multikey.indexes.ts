import { mongo } from 'mongoose';
import { lacksHinted } from './connection/server.answers.ts';
import {
  CONVERSATION_BY_LAMPORT,
  CONVERSATION_BY_LOG,
  CONVERSATION_BY_TIME,
  MESSAGE_BY_ID,
  MESSAGE_ONCE,
  MESSAGE_ONCE_IN_CONVERSATION,
  type MessageDocument,
} from './messages/message.schema.ts';

/** An index that a foreign document made multikey. */
export interface MultikeyIndex {
  index: string;
  /** The fields of which a document had an array. */
  fields: string[];
  /** The id of a document that has one still, where it was looked for and found. */
  documentId?: unknown;
}

/** Stands for the fields where the plan does not name them. */
export const UNKNOWN_FIELD = '(unknown)';

/** Of both layouts: an index that is not there is passed over. */
const QUERIES = {
  [MESSAGE_ONCE]: 'messageId',
  [MESSAGE_BY_ID]: 'messageId',
  [MESSAGE_ONCE_IN_CONVERSATION]: 'conversationId',
  [CONVERSATION_BY_TIME]: 'conversationId',
  [CONVERSATION_BY_LAMPORT]: 'conversationId',
  [CONVERSATION_BY_LOG]: 'conversationId',
} as const;

/**
 * The indexes of messages that are multikey: one document with an array in an indexed field is enough, and the index stays so
 * after it is deleted. MongoDB then can't bound a scan by two fields of the array, so each later page of a conversation reads
 * all pages before it (https://www.mongodb.com/docs/manual/core/indexes/index-types/index-multikey/multikey-index-bounds/).
 */
export const multikeyIndexesOf = async (messages: mongo.Collection<MessageDocument>): Promise<MultikeyIndex[]> => {
  const found: MultikeyIndex[] = [];
  for (const [index, field] of Object.entries(QUERIES)) {
    const find = messages.find({ [field]: '' }).hint(index);
    const plan = await find.explain('queryPlanner').catch((error: unknown) => {
      // It is of another layout, or is built anew just now.
      if (error instanceof mongo.MongoServerError && lacksHinted(error)) return undefined;
      throw error;
    });
    const fields = multikeyFieldsIn(plan);
    if (fields.length > 0) found.push({ index, fields });
  }
  return found;
};

/** Walks the plan: where the stage of the index stands differs between versions, and on a sharded cluster. */
const multikeyFieldsIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  const { isMultiKey, multiKeyPaths } = node as { isMultiKey?: unknown; multiKeyPaths?: Record<string, unknown[]> };
  if (isMultiKey === true) {
    const paths = Object.entries(multiKeyPaths ?? {}).filter(([, prefixes]) => prefixes.length > 0);
    return paths.length > 0 ? paths.map(([path]) => path) : [UNKNOWN_FIELD];
  }
  return [...new Set(Object.values(node).flatMap(multikeyFieldsIn))];
};
