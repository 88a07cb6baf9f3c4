import type { CausalToken, StoredMessage } from '@wiber/contracts';
import type { ActivityWriter } from '../activity/activity.writer.ts';
import type { CollectionWatch } from '../collection.watch.ts';
import { tokenOf } from '../connection/causal.time.ts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { lastLamport } from './last.lamport.ts';
import { insertOnce, type Inserted, type MessageCollection } from './message.insert.ts';
import type { MessageLayout } from './message.layout.ts';

export interface StoreResult extends Inserted {
  /** A moment at which all of the batch is in the store; undefined for an empty batch. */
  writtenAt: CausalToken | undefined;
}

export interface WriterPorts {
  writes: StoreWrites;
  collection: () => MessageCollection;
  activity: ActivityWriter;
  watch: CollectionWatch;
  layout: MessageLayout;
}

/** The only writer of messages. */
export class MessageWriter {
  private readonly ports: WriterPorts;

  constructor(ports: WriterPorts) {
    this.ports = ports;
  }

  /**
   * Stores a batch. A duplicate messageId with the same body is already stored; with another body it is an idempotency
   * conflict and is returned as refused, never dropped.
   * @throws StoreUnavailableError when some of them may not be written: store the same batch again
   */
  async store(batch: readonly StoredMessage[]): Promise<StoreResult> {
    // An empty batch makes no call, so it must not count as a success of the breaker.
    if (batch.length === 0) return { stored: 0, alreadyStored: 0, refused: [], writtenAt: undefined };
    const { writes, collection, activity, watch, layout } = this.ports;
    return writes.runInSession(async (options) => {
      if ((await watch.look(options)).length > 0) activity.forget();
      await activity.write(batch, options);
      const result = await insertOnce(collection(), batch, { options, layout });
      return { ...result, writtenAt: tokenOf(options.session.operationTime) };
    });
  }

  /** See lastLamport. @throws StoreUnavailableError */
  lastLamport(): Promise<number> {
    return this.ports.writes.runInSession(() => lastLamport(this.ports.collection()));
  }
}
