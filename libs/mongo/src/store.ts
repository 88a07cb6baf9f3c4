import type { mongo, Connection } from 'mongoose';
import { monotonicNow, type Breaker } from '@wiber/resilience';
import { ActivityWriter } from './activity/activity.writer.ts';
import { CollectionMaker } from './collection.maker.ts';
import { CollectionUpkeep } from './collection.upkeep.ts';
import { CausalTime } from './connection/causal.time.ts';
import { ServerAnswers, isValidation, mayLackIndex } from './connection/server.answers.ts';
import { refuseOptions } from './connection/setup.errors.ts';
import { StoreConnection } from './connection/store.connection.ts';
import { POOL_NAMES, connect, type Pool } from './connection/store.pools.ts';
import { StorePing } from './connection/store.ping.ts';
import { StoreReads } from './connection/store.reads.ts';
import { SAFE_STORE, type StoreSettings } from './connection/store.settings.ts';
import { StoreWrites } from './connection/store.writes.ts';
import { DeadLetterPruner } from './dead-letters/dead-letter.pruner.ts';
import { DeadLetterReader } from './dead-letters/dead-letter.reader.ts';
import { DeadLetterWriter } from './dead-letters/dead-letter.writer.ts';
import { FigureStores } from './figure.stores.ts';
import { LeaseHistory } from './leases/lease.history.ts';
import { LeaseReader } from './leases/lease.reader.ts';
import { LeaseStore } from './leases/lease.store.ts';
import { OddLeases } from './leases/odd.leases.ts';
import { memberWatchOf, type MemberWatch } from './members/member.watch.ts';
import { layoutOf, type MessageLayout } from './messages/message.layout.ts';
import { MessageReader } from './messages/message.reader.ts';
import { MessageWriter } from './messages/message.writer.ts';
import { UnreadableDocuments } from './messages/unreadable.documents.ts';
import type { StatsReader } from './stats/stats.reader.ts';
import type { StatsWriter } from './stats/stats.writer.ts';
import type { StoredTimes } from './stats/stored.times.ts';
import { StoreCollections } from './store.collections.ts';
import type { StoreEvents } from './store.events.ts';
import { modelsOf, type StoreModels } from './store.models.ts';
import { PartitionRegister } from './topics/partition.register.ts';

export interface StorePorts extends StoreEvents {
  settings: StoreSettings;
  connections: Record<Pool, Connection>;
  models: StoreModels;
}

/** One process's access to MongoDB. Its readers and writers share the connections, the breakers and what was seen. */
export class Store {
  /** What reads and writes figures. */
  readonly figures: FigureStores;
  private readonly ports: StorePorts;
  private readonly connections: Record<Pool, StoreConnection>;
  private readonly collections: StoreCollections;
  private readonly upkeep: CollectionUpkeep;
  private readonly layout: MessageLayout;
  private readonly pinging: StorePing;
  private readonly time = new CausalTime();
  private readonly unreadable: UnreadableDocuments;
  private readonly oddLeases: UnreadableDocuments;
  private reads: StoreReads | undefined;
  private writes: StoreWrites | undefined;

  constructor(ports: StorePorts) {
    const { connections, settings } = ports;
    this.ports = ports;
    this.unreadable = new UnreadableDocuments(ports.onUnreadable);
    this.oddLeases = new UnreadableDocuments(ports.onOddLease);
    const answers = new ServerAnswers((error) => ports.onRefused?.(error), monotonicNow);
    const onAnswer = (error: mongo.MongoServerError) => {
      answers.report(error);
      if (mayLackIndex(error) || isValidation(error)) this.upkeep.lookAtIndexes();
    };
    const pool = (name: Pool) => new StoreConnection({ connection: connections[name], settings, pool: name, onAnswer });
    this.connections = { main: pool('main'), costly: pool('costly'), probe: pool('probe') };
    const { main } = this.connections;
    const collections = new StoreCollections(main, ports.models);
    const layout = layoutOf(settings.shardKey);
    const maker = new CollectionMaker({ main, collections, settings, layout });
    this.collections = collections;
    this.layout = layout;
    this.upkeep = new CollectionUpkeep({ main, collections, maker, events: ports, layout });
    this.figures = new FigureStores({
      connection: main,
      collections,
      reads: () => this.sharedReads(),
      writes: () => this.sharedWrites(),
      models: ports.models,
    });
    this.pinging = new StorePing({ probe: this.connections.probe, settings, onNoReader: ports.onNoReader });
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
    await this.upkeep.open();
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
      layout: this.layout,
    });
  }

  messageWriter(): MessageWriter {
    const { writeConcern = SAFE_STORE.writeConcern } = this.ports.settings;
    const activity = new ActivityWriter({
      collection: () => this.collections.activity,
      isSafe: writeConcern === 'majority',
    });
    const watch = this.upkeep.watch();
    return new MessageWriter({
      writes: this.sharedWrites(),
      collection: () => this.collections.messages,
      activity,
      watch,
      layout: this.layout,
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

  memberWatch(): MemberWatch {
    return memberWatchOf(this.connections.main);
  }

  statsReader(): StatsReader {
    return this.figures.statsReader();
  }

  statsWriter(): StatsWriter {
    return this.figures.statsWriter();
  }

  storedTimes(): StoredTimes {
    return this.figures.storedTimes();
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
    const { collections } = this;
    return new LeaseStore({
      connection: this.connections.main,
      ...this.leasePorts(),
      guarded: () => collections.progress,
    });
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

  /** How often a read left out a stored document that is no message, or a part of a lease or a term of one that is none. */
  get unreadableReads(): number {
    return this.unreadable.reads + this.oddLeases.reads;
  }

  /**
   * Asks the primary, on a connection of its own; where this process reads, also a member that may answer reads.
   * @throws StoreUnavailableError
   */
  ping(): Promise<void> {
    return this.pinging.ask({ isReader: this.reads !== undefined });
  }

  /** Nest's hook: it runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    this.upkeep.end();
    await Promise.all(POOL_NAMES.map((name) => this.connections[name].close()));
  }

  private leasePorts() {
    const { collections } = this;
    const odd = new OddLeases(this.oddLeases);
    return { leases: () => collections.leases, terms: () => collections.leaseTerms, odd };
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
