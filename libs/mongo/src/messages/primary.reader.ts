import type { mongo } from 'mongoose';
import { conversationIdOf, type LogPosition, type Message } from '@wiber/contracts';
import { withSpareIndex } from '../connection/spare.index.ts';
import type { StoreReads } from '../connection/store.reads.ts';
import { messageOf, uuidOf } from './message.document.ts';
import type { MessageCollection } from './message.insert.ts';
import type { MessageLayout } from './message.layout.ts';
import { CONVERSATION_BY_LOG, CONVERSATION_BY_TIME } from './message.schema.ts';

export interface PrimaryPorts extends Pick<MessageLayout, 'byId'> {
  reads: StoreReads;
  collection: () => MessageCollection;
}

/** Single messages, asked of the primary: what a replay needs to know before it writes. */
export class PrimaryReader {
  private readonly ports: PrimaryPorts;

  constructor(ports: PrimaryPorts) {
    this.ports = ports;
  }

  /** A message that the secondaries still lack counts too. @throws StoreUnavailableError */
  async byId(messageId: string, withinMs: number): Promise<Message | null> {
    return this.first({ messageId: uuidOf(messageId) }, this.ports.byId, withinMs);
  }

  /**
   * A message of a conversation that the log has behind a position in the same partition; `except` does not count. Asks
   * the primary.
   * @throws StoreUnavailableError
   */
  async laterInLog(
    users: readonly [string, string],
    { position, except, withinMs }: { position: LogPosition; except: string; withinMs: number },
  ): Promise<Message | null> {
    const { partition, offset } = position;
    const filter = { ...othersOf(users, except), '_id.partition': partition, '_id.offset': { $gt: offset } };
    return this.first(filter, CONVERSATION_BY_LOG, withinMs);
  }

  /**
   * A message of a conversation with a later timestamp, of any partition but one. Asks the primary.
   * @throws StoreUnavailableError
   */
  async laterInTime(
    users: readonly [string, string],
    later: { timestamp: number; exceptPartition: number | undefined; except: string; withinMs: number },
  ): Promise<Message | null> {
    const { timestamp, exceptPartition, except, withinMs } = later;
    const filter = {
      ...othersOf(users, except),
      timestamp: { $gt: timestamp },
      ...(exceptPartition === undefined ? {} : { '_id.partition': { $ne: exceptPartition } }),
    };
    return this.first(filter, CONVERSATION_BY_TIME, withinMs);
  }

  private async first(filter: mongo.Document, index: string, withinMs: number): Promise<Message | null> {
    const options = { maxTimeMS: withinMs, promoteBuffers: false };
    const { reads, collection } = this.ports;
    const document = await reads.runOnPrimary(
      () => withSpareIndex(index, (hint) => collection().findOne(filter, { ...options, hint })),
      withinMs,
    );
    return document ? messageOf(document) : null;
  }
}

/** A stored message is not later than itself. */
const othersOf = (users: readonly [string, string], except: string): mongo.Document => ({
  conversationId: conversationIdOf(...users),
  messageId: { $ne: uuidOf(except) },
});
