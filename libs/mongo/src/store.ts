import { mongo, type Connection } from 'mongoose';
import { monotonicNow, type Breaker, type BreakerState } from '@wiber/resilience';
import { ActivityWriter } from './activity/activity.writer.ts';
import { CollectionWatch } from './collection.watch.ts';
import { CausalTime } from './connection/causal.time.ts';
import { ServerAnswers, mayLackIndex } from './connection/server.answers.ts';
import { refuseOptions, refuseStandalone } from './connection/setup.errors.ts';
import { StoreConnection } from './connection/store.connection.ts';
import { POOL_NAMES, connect, type Pool } from './connection/store.pools.ts';
import { StoreReads } from './connection/store.reads.ts';
import { SAFE_STORE, type ReadPreference, type StoreSettings } from './connection/store.settings.ts';
import { StoreWrites } from './connection/store.writes.ts';
import { DeadLetterPruner } from './dead-letters/dead-letter.pruner.ts';
import { DeadLetterReader } from './dead-letters/dead-letter.reader.ts';
import { DeadLetterWriter } from './dead-letters/dead-letter.writer.ts';
import { IndexMender } from './index.mender.ts';
import { LeaseHistory } from './leases/lease.history.ts';
import { LeaseReader } from './leases/lease.reader.ts';
import { LeaseStore } from './leases/lease.store.ts';
import { MessageReader } from './messages/message.reader.ts';
import { MessageWriter } from './messages/message.writer.ts';
import { UnreadableDocuments, type OnUnreadable } from './messages/unreadable.documents.ts';
import { FigureStores } from './stats/figure.stores.ts';
import { StatsReader } from './stats/stats.reader.ts';
import { StatsWriter } from './stats/stats.writer.ts';
import { StoredTimes } from './stats/stored.times.ts';
import type { DeletedRepeats } from './repeated.messages.ts';
import { StoreCollections, modelsOf, type StoreModels } from './store.collections.ts';
import { multikeyIndexesOf, type MultikeyIndex } from './multikey.indexes.ts';
import { PartitionRegister } from './topics/partition.register.ts';

/** What the process that uses the store may want to say. */
export interface StoreEvents {
  onBreakerChange?: ((name: string, state: BreakerState) => void) | undefined;
  /** Called once for each stored document that reads leave out. */
  onUnreadable?: OnUnreadable | undefined;
  /** Called at the opening for each index of messages that a foreign document made slow. */
  onMultikey?: ((index: MultikeyIndex) => void) | undefined;
  /** Called when collections were dropped while this process writes. They are made again. */
  onCollectionsLost?: ((names: string[]) => void) | undefined;
  /** Called when messages that were stored twice, after their collection was dropped, were deleted but for the first. */
  onRepeatsDeleted?: ((repeats: DeletedRepeats) => void) | undefined;
  /** Called when indexes were dropped under this process. They are made again. */
  onIndexesLost?: ((names: string[]) => void) | undefined;
  /** Called when lost indexes can't be made again for now. */
  onIndexesFailed?: ((error: unknown) => void) | undefined;
  /** Called when no member that the read preference names answers, once until one does. */
  onNoReader?: ((error: unknown) => void) | undefined;
  /** Called when a server answers with an error, once a minute for each code. Clients are not told why. */
  onRefused?: ((error: Error) => void) | undefined;
}

export interface StorePorts extends StoreEvents {
  settings: StoreSettings;
  connections: Record<Pool, Connection>;
  models: StoreModels;
}

/** One process's access to MongoDB. Its readers and writers share the connections, the breakers and what was seen. */
export class Store {
  private readonly ports: StorePorts;
  private readonly connections: Record<Pool, StoreConnection>;
  private readonly collections: StoreCollections;
  private readonly mender: IndexMender;
  private readonly time = new CausalTime();
  private readonly unreadable: UnreadableDocuments;
  private isOpen = false;
  private hasReader = true;
  private reads: StoreReads | undefined;
  private writes: StoreWrites | undefined;

  constructor(ports: StorePorts) {
    const { connections, settings } = ports;
    this.ports = ports;
    this.unreadable = new UnreadableDocuments(ports.onUnreadable);
    const answers = new ServerAnswers((error) => ports.onRefused?.(error), monotonicNow);
    const onAnswer = (error: mongo.MongoServerError) => {
      answers.report(error);
      if (this.isOpen && mayLackIndex(error)) this.mender.look();
    };
    const pool = (name: Pool) => new StoreConnection({ connection: connections[name], settings, pool: name, onAnswer });
    this.connections = { main: pool('main'), costly: pool('costly'), probe: pool('probe') };
    this.collections = new StoreCollections(this.connections.main, ports);
    this.mender = this.indexMender();
  }

  /** A store outside of Nest, for tools and specs. It connects at once; `open` waits for it. */
  static connect(settings: StoreSettings, events: StoreEvents = {}): Store {
    const connections = {
      main: connect(settings, 'main'),
      costly: connect(settings, 'costly'),
      probe: connect(settings, 'probe'),
    };
    const models = modelsOf(connections.main, settings);
    return new Store({ ...events, settings, connections, models });
  }

  /**
   * Connects, and makes the collections and indexes that are missing.
   * @throws StoreUnavailableError: call it again; StoreSetupError: a person must mend it
   */
  async open(): Promise<void> {
    refuseOptions(this.ports.settings.uri);
    await Promise.all(POOL_NAMES.map((name) => this.connections[name].open()));
    const { main } = this.connections;
    // Without a deadline: indexes of a collection that exists are built meanwhile.
    await main.translated(async () => {
      try {
        refuseStandalone(await main.db.command({ hello: 1 }));
        await this.collections.refuseOldFormat();
        await this.collections.makeMissing();
      } catch (error) {
        throw this.collections.refusalOf(error);
      }
    });
    this.isOpen = true;
    // Only advice: a plan that can't be had must not keep the store closed.
    const multikey = await main.run(() => multikeyIndexesOf(this.collections.messages)).catch(() => []);
    for (const index of multikey) this.ports.onMultikey?.(index);
  }

  messageReader(): MessageReader {
    const { settings, models } = this.ports;
    return new MessageReader({
      reads: this.sharedReads(),
      time: this.time,
      connection: this.connections.main,
      collection: () => this.collections.messages,
      names: { messages: settings.collection, activity: models.activity.collection.collectionName },
      unreadable: this.unreadable,
    });
  }

  /** The only writers of messages are in one process, so it is enough that they look. */
  private collectionWatch(): CollectionWatch {
    return new CollectionWatch({
      identities: (options) => {
        // In the background: a write does not wait until a large index is made.
        this.mender.look();
        return this.collections.identities(options);
      },
      make: () => this.collections.makeAgain((repeats) => this.ports.onRepeatsDeleted?.(repeats)),
      onLost: (names) => this.ports.onCollectionsLost?.(names),
      now: monotonicNow,
    });
  }

  private indexMender(): IndexMender {
    const { collections, ports } = this;
    const { main } = this.connections;
    return new IndexMender({
      missing: () => main.run(() => collections.missingIndexes()),
      make: () =>
        main.translated(() =>
          collections.makeMissing().catch((error: unknown) => {
            throw collections.refusalOf(error);
          }),
        ),
      onLost: (names) => ports.onIndexesLost?.(names),
      onFailed: (error) => ports.onIndexesFailed?.(error),
      now: monotonicNow,
    });
  }

  messageWriter(): MessageWriter {
    const { writeConcern = SAFE_STORE.writeConcern } = this.ports.settings;
    const activity = new ActivityWriter({
      collection: () => this.collections.activity,
      isSafe: writeConcern === 'majority',
    });
    const watch = this.collectionWatch();
    return new MessageWriter({
      writes: this.sharedWrites(),
      collection: () => this.collections.messages,
      activity,
      watch,
    });
  }

  deadLetterReader(): DeadLetterReader {
    return new DeadLetterReader(this.sharedReads(), () => this.collections.deadLetters);
  }

  deadLetterWriter(): DeadLetterWriter {
    return new DeadLetterWriter({ writes: this.sharedWrites(), collection: () => this.collections.deadLetters });
  }

  deadLetterPruner(): DeadLetterPruner {
    return new DeadLetterPruner({ writes: this.sharedWrites(), collection: () => this.collections.deadLetters });
  }

  /** The figures beside the windows: the total, the busiest conversations and the servers. */
  get figures(): FigureStores {
    return new FigureStores({
      connection: this.connections.main,
      collections: this.collections,
      reads: () => this.sharedReads(),
      writes: () => this.sharedWrites(),
      models: this.ports.models,
    });
  }

  statsReader(): StatsReader {
    const { window, progress } = this.ports.models;
    const names = { windows: window.collection.collectionName, progress: progress.collection.collectionName };
    return new StatsReader(this.sharedReads(), names);
  }

  statsWriter(): StatsWriter {
    const { collections } = this;
    return new StatsWriter({
      writes: this.sharedWrites(),
      windows: () => collections.windows,
      progress: () => collections.progress,
    });
  }

  storedTimes(): StoredTimes {
    return new StoredTimes(this.sharedReads(), this.ports.settings.collection);
  }

  partitionRegister(): PartitionRegister {
    const { collections } = this;
    const connection = this.connections.main;
    return new PartitionRegister({
      connection,
      topics: () => collections.topics,
      messages: () => collections.messages,
    });
  }

  /** Without a breaker: a lease has its own pauses between calls, and the failures of other writes must not end a lead. */
  leaseStore(): LeaseStore {
    return new LeaseStore({ connection: this.connections.main, ...this.leasePorts() });
  }

  leaseHistory(): LeaseHistory {
    return new LeaseHistory({ writes: this.sharedWrites(), ...this.leasePorts() });
  }

  leaseReader(): LeaseReader {
    return new LeaseReader({ reads: this.sharedReads(), ...this.leasePorts() });
  }

  /** The breakers of the readers and writers that this process has made. */
  get breakers(): Breaker[] {
    return [this.reads, this.writes].flatMap((way) => (way ? [way.breaker.breaker] : []));
  }

  /** How often a read left out a stored document that is no message. */
  get unreadableReads(): number {
    return this.unreadable.reads;
  }

  /**
   * Asks the primary, on a connection of its own; where this process reads, also a member that may answer reads.
   * @throws StoreUnavailableError
   */
  async ping(): Promise<void> {
    const { probe } = this.connections;
    await probe.run(() => probe.db.command({ ping: 1 }));
    const { readPreference = SAFE_STORE.readPreference } = this.ports.settings;
    if (this.reads && readPreference.mode !== 'primary') await this.pingReader(probe, readPreference);
  }

  private async pingReader(probe: StoreConnection, { mode, tags }: ReadPreference): Promise<void> {
    const readPreference = new mongo.ReadPreference(mode, [tags]);
    try {
      await probe.run(() => probe.db.command({ ping: 1 }, { readPreference }));
      this.hasReader = true;
    } catch (error) {
      if (this.hasReader) this.ports.onNoReader?.(error);
      this.hasReader = false;
      throw error;
    }
  }

  /** Nest's hook: it runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    this.mender.end();
    await Promise.all(POOL_NAMES.map((name) => this.connections[name].close()));
  }

  private leasePorts() {
    const { collections } = this;
    return { leases: () => collections.leases, terms: () => collections.leaseTerms };
  }

  private sharedReads(): StoreReads {
    const { main, costly } = this.connections;
    const { settings, onBreakerChange } = this.ports;
    return (this.reads ??= new StoreReads({ settings, main, costly, time: this.time, onBreakerChange }));
  }

  private sharedWrites(): StoreWrites {
    const { main } = this.connections;
    return (this.writes ??= new StoreWrites({ main, onBreakerChange: this.ports.onBreakerChange }));
  }
}
