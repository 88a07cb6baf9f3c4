import { conversationIdOf, isTime, type LogPosition, type Message } from '@wiber/contracts';
import type { MessageDocument } from './message.schema.ts';

/** A stored message, and what its document says of how it came there. */
export interface StoredFacts {
  message: Message;
  conversationId: string;
  /** Undefined of a document whose key is no place in the log: another program wrote it. */
  position: LogPosition | undefined;
  /** Integer milliseconds, by the clock of the ingest that stored it; undefined where the document has no time. */
  storedAt: number | undefined;
}

export const factsOf = (document: MessageDocument, message: Message): StoredFacts => {
  const { partition, offset } = (document._id ?? {}) as Partial<Record<keyof LogPosition, unknown>>;
  return {
    message,
    conversationId: conversationIdOf(message.fromUser, message.toUser),
    position: isTime(partition) && isTime(offset) ? { partition, offset } : undefined,
    storedAt: isTime(document.storedAt) ? document.storedAt : undefined,
  };
};
