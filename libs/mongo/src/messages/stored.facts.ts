import {
  INSTANCE_NAME,
  conversationIdOf,
  isTime,
  type LogPosition,
  type Message,
  type Storing,
} from '@wiber/contracts';
import type { MessageDocument } from './message.schema.ts';

/** A stored message, and what its document says of how it came there. */
export interface StoredFacts {
  message: Message;
  conversationId: string;
  /** Undefined of a document whose key is no place in the log: another program wrote it. */
  position: LogPosition | undefined;
  /** Integer milliseconds, by the clock of the ingest that stored it; undefined where the document has no time. */
  storedAt: number | undefined;
  /** The same clock when it took the record from the log. */
  takenAt: number | undefined;
  /** The process that stored it. */
  storedBy: string | undefined;
}

export const factsOf = (document: MessageDocument, message: Message): StoredFacts => {
  const { partition, offset } = (document._id ?? {}) as Partial<Record<keyof LogPosition, unknown>>;
  const { storedAt, takenAt, storedBy } = document as Partial<Record<keyof Storing, unknown>>;
  return {
    message,
    conversationId: conversationIdOf(message.fromUser, message.toUser),
    position: isTime(partition) && isTime(offset) ? { partition, offset } : undefined,
    storedAt: isTime(storedAt) ? storedAt : undefined,
    takenAt: isTime(takenAt) ? takenAt : undefined,
    storedBy: typeof storedBy === 'string' && INSTANCE_NAME.test(storedBy) ? storedBy : undefined,
  };
};
