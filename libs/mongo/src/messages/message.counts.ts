import type { mongo } from 'mongoose';
import { conversationIdOf } from '@wiber/contracts';
import type { ActivityReader } from '../activity/activity.reader.ts';
import { batchOf } from '../connection/reply.batch.ts';
import { sharedLimits, type ReadLimits, type StoreReads } from '../connection/store.reads.ts';
import { BY_PLACE, CONVERSATION_BY_LOG } from './message.schema.ts';

/** Whose messages are counted: those of a conversation, of a user, or all. */
export type CountOf = { users: readonly [string, string] } | { user: string } | 'all';

export interface CountPorts {
  reads: StoreReads;
  activity: ActivityReader;
  /** The name of the collection of messages. */
  messages: string;
}

/** Counts of stored messages. */
export class MessageCounts {
  private readonly ports: CountPorts;

  constructor(ports: CountPorts) {
    this.ports = ports;
  }

  /** How many messages are stored. @throws StoreUnavailableError, StoreBehindError */
  async count(of: CountOf, limits: ReadLimits): Promise<number> {
    if (of === 'all') return this.countBy({}, BY_PLACE, limits);
    if ('users' in of)
      return this.countBy({ conversationId: conversationIdOf(...of.users) }, CONVERSATION_BY_LOG, limits);
    const shared = sharedLimits(limits);
    let count = 0;
    for await (const ids of this.ports.activity.conversations(of.user, shared))
      count += await this.countBy({ conversationId: { $in: ids } }, CONVERSATION_BY_LOG, shared);
    return count;
  }

  private async countBy(filter: mongo.Document, hint: string, limits: ReadLimits): Promise<number> {
    const pipeline = [{ $match: filter }, { $count: 'count' }];
    const command = { aggregate: this.ports.messages, pipeline, hint, cursor: {} };
    const reply = await this.ports.reads.runCostly(command, limits);
    return batchOf<{ count: number }>(reply)[0]?.count ?? 0;
  }
}
