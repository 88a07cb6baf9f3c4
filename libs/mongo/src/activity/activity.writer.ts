import type { mongo } from 'mongoose';
import { LRUCache } from 'lru-cache';
import type { StoredMessage } from '@wiber/contracts';
import { DUPLICATE_KEY, writeErrorsOf } from '../connection/bulk.errors.ts';
import { hourOf, keysOf } from './activity.key.ts';
import type { ActivityDocument } from './activity.schema.ts';

/** Conversations and hours that are known to be written, about 100 bytes each. */
const KNOWN_MAX = 200_000;

export interface ActivityWriterPorts {
  /** Writes with the write concern of the messages. */
  collection: () => mongo.Collection<ActivityDocument>;
  /** Whether an acknowledged write is never taken back, because a majority has it. */
  isSafe: boolean;
}

/** Writes which users have messages in which hours. Most batches need no write: their entries are there already. */
export class ActivityWriter {
  private readonly ports: ActivityWriterPorts;
  private readonly known = new LRUCache<string, true>({ max: KNOWN_MAX });

  constructor(ports: ActivityWriterPorts) {
    this.ports = ports;
  }

  /** To be called when the collection may have lost entries: each batch then writes its own again. */
  forget(): void {
    this.known.clear();
  }

  /**
   * Resolves when every entry of the batch is written. To be called before the messages are written, so that no reader
   * sees a message that its user's page can't find.
   */
  async write(batch: readonly StoredMessage[], options: mongo.BulkWriteOptions): Promise<void> {
    const missing = new Map<string, StoredMessage>();
    for (const message of batch) {
      const entry = `${hourOf(message.timestamp)}:${message.conversationId}`;
      if (!this.known.get(entry)) missing.set(entry, message);
    }
    if (missing.size === 0) return;
    const keys = [...new Set([...missing.values()].flatMap(keysOf))].sort();
    const documents = keys.map((_id) => ({ _id }));
    try {
      await this.ports.collection().insertMany(documents, { ...options, ordered: false });
    } catch (error) {
      const errors = writeErrorsOf(error, documents.length);
      if (!errors?.every(({ code }) => code === DUPLICATE_KEY)) throw error;
    }
    // A failover may take back a weaker write. Each batch then writes its entries anew: they are taken back with it only.
    if (!this.ports.isSafe) return;
    for (const entry of missing.keys()) this.known.set(entry, true);
  }
}
