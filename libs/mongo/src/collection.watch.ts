import type { mongo } from 'mongoose';
import type { MonotonicClock } from '@wiber/resilience';
import { StoreUnavailableError } from './connection/mongo.errors.ts';

/** How often the collections are looked at, in milliseconds, while something is written. */
const LOOK_MS = 5000;

export interface WatchPorts {
  /** The UUID of each collection that exists, by name. A collection that was dropped and made again has another one. */
  identities: (options: mongo.ListCollectionsOptions) => Promise<Map<string, string>>;
  /** Makes collections and indexes that are missing. */
  make: () => Promise<void>;
  onLost: (collections: string[]) => void;
  now: MonotonicClock;
}

/**
 * Notices that somebody dropped a collection under a running process. MongoDB makes it again at the next insert, without its
 * indexes: messages would be stored twice, or be hidden from their users.
 */
export class CollectionWatch {
  private readonly ports: WatchPorts;
  private known: Map<string, string> | undefined;
  private lookedAt = -Infinity;

  constructor(ports: WatchPorts) {
    this.ports = ports;
  }

  /**
   * Looks, at most every 5 s, and makes again what is lost; returns the names of what was lost.
   * @param options end the look together with the write that it is for
   * @throws StoreUnavailableError when it can't be made again: nothing may be written without its indexes
   */
  async look(options: mongo.ListCollectionsOptions): Promise<string[]> {
    if (this.ports.now() - this.lookedAt < LOOK_MS) return [];
    // Before the answer: other writes at once do not look too.
    this.lookedAt = this.ports.now();
    try {
      return await this.compare(options);
    } catch (error) {
      this.lookedAt = -Infinity;
      throw error;
    }
  }

  private async compare(options: mongo.ListCollectionsOptions): Promise<string[]> {
    const { identities, make, onLost } = this.ports;
    const found = await identities(options);
    const lost = [...(this.known ?? [])].filter(([name, uuid]) => found.get(name) !== uuid).map(([name]) => name);
    if (lost.length > 0) {
      onLost(lost);
      await make().catch((cause: unknown) => {
        throw new StoreUnavailableError(`what was dropped can't be made again: ${(cause as Error).message}`, { cause });
      });
    }
    this.known = lost.length > 0 ? await identities(options) : found;
    return lost;
  }
}
