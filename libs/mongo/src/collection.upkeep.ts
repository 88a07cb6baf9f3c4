import { monotonicNow } from '@wiber/resilience';
import type { CollectionMaker } from './collection.maker.ts';
import { CollectionWatch } from './collection.watch.ts';
import { refuseStandalone } from './connection/setup.errors.ts';
import { OddCollectionError } from './connection/mongo.errors.ts';
import type { StoreConnection } from './connection/store.connection.ts';
import { IndexMender } from './index.mender.ts';
import { needRenewal, renewIndexes } from './index.renewal.ts';
import { renewedOf } from './message.indexes.ts';
import type { MessageLayout } from './messages/message.layout.ts';
import { multikeyIndexesOf, type MultikeyIndex } from './multikey.indexes.ts';
import type { ConflictPolicy } from './repeated.messages.ts';
import { withRenewalLock } from './renewal.lock.ts';
import type { StoreCollections } from './store.collections.ts';
import type { StoreEvents } from './store.events.ts';

export interface UpkeepPorts {
  main: StoreConnection;
  collections: StoreCollections;
  maker: CollectionMaker;
  events: StoreEvents;
  layout: MessageLayout;
}

/** Makes the collections and indexes when the store is opened, and again when somebody drops or spoils them. */
export class CollectionUpkeep {
  private readonly ports: UpkeepPorts;
  private readonly mender: IndexMender;
  private isOpen = false;
  private isWriter = false;
  private readonly ending = new AbortController();

  constructor(ports: UpkeepPorts) {
    this.ports = ports;
    const { main, events } = ports;
    this.mender = new IndexMender({
      missing: () => main.run(() => this.missing()),
      make: () => this.make({ type: 'first-stays' }),
      onLost: (names) => events.onIndexesLost?.(names),
      onFailed: (error) =>
        error instanceof OddCollectionError ? events.onOddCollection?.(error) : events.onIndexesFailed?.(error),
      now: monotonicNow,
    });
  }

  /** @throws StoreUnavailableError: call it again; StoreSetupError: a person must mend it */
  async open(): Promise<void> {
    const { main, maker } = this.ports;
    // Without a deadline: indexes of a collection that exists are built meanwhile.
    await main.translated(async () => {
      try {
        refuseStandalone(await main.db.command({ hello: 1 }));
        await maker.refuseOldFormat();
      } catch (error) {
        throw maker.refusalOf(error);
      }
    });
    await this.make({ type: 'refuse' });
    this.isOpen = true;
    // Only advice: a plan that can't be had must not keep the store closed.
    if (this.isWriter) void this.renew();
    else await this.reportMultikey().catch(() => undefined);
  }

  /** For the writer of messages. Its process looks after the collections for all others. */
  watch(): CollectionWatch {
    this.isWriter = true;
    const { collections, events } = this.ports;
    return new CollectionWatch({
      identities: (options) => {
        // In the background: a write does not wait until a large index is made.
        this.mender.look();
        return collections.identities(options);
      },
      make: () => this.make({ type: 'first-stays' }),
      onLost: (names) => events.onCollectionsLost?.(names),
      now: monotonicNow,
    });
  }

  /** Called when a read lacked an index, or a collection refused a write. */
  lookAtIndexes(): void {
    if (this.isOpen) this.mender.look();
  }

  /** What is under way goes on and reports nothing. */
  end(): void {
    this.ending.abort();
    this.mender.end();
  }

  private async missing(): Promise<string[]> {
    const { maker } = this.ports;
    await maker.refuseOddOptions();
    return maker.missingIndexes();
  }

  private make(conflicts: ConflictPolicy): Promise<void> {
    const { main, maker, events } = this.ports;
    return main.translated(async () => {
      try {
        await maker.makeAgain(conflicts, (repeats) => events.onRepeatsDeleted?.(repeats));
      } catch (error) {
        throw maker.refusalOf(error);
      }
    });
  }

  private async reportMultikey(): Promise<void> {
    const { main, collections, events } = this.ports;
    for (const index of await main.run(() => multikeyIndexesOf(collections.messages))) events.onMultikey?.(index);
  }

  private async renew(): Promise<void> {
    const { main, collections, events, layout } = this.ports;
    const { signal } = this.ending;
    try {
      await main.translated(async () => {
        const renewed = { messages: collections.messages, indexes: renewedOf(layout.indexes) };
        if (!(await needRenewal(renewed))) return;
        const lock = { locks: collections.renewalLocks, name: collections.messages.namespace, signal };
        const report = {
          onMultikey: (index: MultikeyIndex) => events.onMultikey?.(index),
          onRenewed: (index: string) => events.onIndexRenewed?.(index),
        };
        await withRenewalLock(lock, (confirm) => renewIndexes({ ...renewed, ...report, confirm }));
      });
    } catch (error) {
      if (!signal.aborted) events.onIndexesFailed?.(error);
    }
  }
}
