import type { mongo } from 'mongoose';
import type { Message } from '@wiber/contracts';
import { MessageUnreadableError } from '../connection/mongo.errors.ts';
import { batchOf } from '../connection/reply.batch.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import { messageIdOf, messageOf, oddityOf, uuidOf } from './message.document.ts';
import type { MessageLayout } from './message.layout.ts';
import type { MessageDocument } from './message.schema.ts';
import type { UnreadableDocuments } from './unreadable.documents.ts';

/** The message of a document, or why it is none. It is then reported. */
export const readMessage = (
  document: MessageDocument,
  messageId: string,
  unreadable: UnreadableDocuments,
): Message | MessageUnreadableError => {
  const oddity = oddityOf(document);
  if (oddity === undefined) return messageOf(document);
  unreadable.report(document._id, oddity);
  return new MessageUnreadableError(`the document stored under ${messageId} is no message: ${oddity}`);
};

export interface ManyPorts extends Pick<MessageLayout, 'byId'> {
  reads: StoreReads;
  /** The name of the collection. */
  messages: string;
  unreadable: UnreadableDocuments;
}

/** Messages by their ids, many with one find. */
export class ManyReader {
  private readonly ports: ManyPorts;

  constructor(ports: ManyPorts) {
    this.ports = ports;
  }

  /** Those that are stored, by their id. @throws StoreUnavailableError, StoreBehindError */
  async byIds(
    messageIds: readonly string[],
    limits: ReadLimits,
  ): Promise<Map<string, Message | MessageUnreadableError>> {
    const reply = await this.ports.reads.run(this.findOf(messageIds), limits, { promoteBuffers: false });
    return new Map(
      batchOf<MessageDocument>(reply).map((document) => {
        const messageId = messageIdOf(document.messageId);
        return [messageId, readMessage(document, messageId, this.ports.unreadable)];
      }),
    );
  }

  /** The index alone answers. @throws StoreUnavailableError, StoreBehindError */
  async storedAmong(messageIds: readonly string[], limits: ReadLimits): Promise<Set<string>> {
    const find = { ...this.findOf(messageIds), projection: { _id: 0, messageId: 1 } };
    const reply = await this.ports.reads.run(find, limits, { promoteBuffers: false });
    return new Set(batchOf<Pick<MessageDocument, 'messageId'>>(reply).map(({ messageId }) => messageIdOf(messageId)));
  }

  private findOf(messageIds: readonly string[]): mongo.Document {
    const { messages, byId } = this.ports;
    const filter = { messageId: { $in: messageIds.map(uuidOf) } };
    return { find: messages, filter, hint: byId, batchSize: messageIds.length, singleBatch: true };
  }
}
