import type { Message } from '@wiber/contracts';
import type { MessageReader, MessageUnreadableError } from '@wiber/mongo';
import { LookUpBatch } from '../messages/look.up.batch.ts';

/** The messages of one find. Each may have 20 kB. */
const MESSAGES_MAX = 100;

/**
 * Reads the messages of requests whose wait has just ended. When ingest goes on after a pause, thousands of them end in one
 * turn of the event loop: with a find for each, most would be refused, because the reads before them took all of their
 * time. What a client has seen need not be said again: this gateway has read with it before the wait, and it reads
 * nothing older than it has read.
 */
export class ReleasedReads {
  private readonly batch: LookUpBatch<string, Message | MessageUnreadableError>;

  /** @param withinMs how long a read may take, in milliseconds */
  constructor(messages: Pick<MessageReader, 'byId' | 'byIds'>, withinMs: number) {
    this.batch = new LookUpBatch(async (ids) => {
      const [only] = ids;
      if (ids.length === 1 && only !== undefined) {
        const message = await messages.byId(only, { withinMs });
        return () => message ?? undefined;
      }
      const found = await messages.byIds(ids, { withinMs });
      return (id) => found.get(id);
    }, MESSAGES_MAX);
  }

  /** Null when it is not stored. @throws StoreUnavailableError, StoreBehindError, MessageUnreadableError */
  async read(messageId: string): Promise<Message | null> {
    const found = await this.batch.find(messageId);
    if (found instanceof Error) throw found;
    return found ?? null;
  }
}
