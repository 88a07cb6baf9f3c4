import { mongo, type Connection, type Model } from 'mongoose';
import type { Breaker, BreakerState } from '@wiber/resilience';
import { ACTIVITY_COLLECTION, ActivityDocument, ActivitySchema } from './activity/activity.schema.ts';
import { ActivityWriter } from './activity/activity.writer.ts';
import { CausalTime } from './connection/causal.time.ts';
import { StoreFormatError, StoreSetupError, WriteConcernUnknownError } from './connection/mongo.errors.ts';
import { refuseStandalone, setupErrorFrom } from './connection/setup.errors.ts';
import { StoreConnection } from './connection/store.connection.ts';
import { POOL_NAMES, connect, type Pool } from './connection/store.pools.ts';
import { StoreReads } from './connection/store.reads.ts';
import { StoreWrites } from './connection/store.writes.ts';
import { SAFE_STORE, type StoreSettings } from './connection/store.settings.ts';
import { DeadLetterReader } from './dead-letters/dead-letter.reader.ts';
import { DeadLetterDocument, DeadLetterSchema } from './dead-letters/dead-letter.schema.ts';
import { DeadLetterWriter } from './dead-letters/dead-letter.writer.ts';
import { MessageReader } from './messages/message.reader.ts';
import { MessageDocument, MessageSchema } from './messages/message.schema.ts';
import { MessageWriter } from './messages/message.writer.ts';
import { UnreadableDocuments, type OnUnreadable } from './messages/unreadable.documents.ts';

/** The mongoose models of the store. Their schemas name the indexes; their collections are used without documents. */
export interface StoreModels {
  message: Model<MessageDocument>;
  activity: Model<ActivityDocument>;
  deadLetter: Model<DeadLetterDocument>;
}

export interface StorePorts {
  settings: StoreSettings;
  connections: Record<Pool, Connection>;
  models: StoreModels;
  onBreakerChange?: ((name: string, state: BreakerState) => void) | undefined;
  /** Called once for each stored document that reads leave out. */
  onUnreadable?: OnUnreadable | undefined;
}

/** A state that a failover takes back would be changed again, so changes of dead letters are always majority writes. */
const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;
const NAMESPACE_NOT_FOUND = 26;
const NAMESPACE_EXISTS = 48;
const INDEX_OF_OLD_FORMAT = 'log_position';
/**
 * CannotCreateIndex, InvalidNamespace, IndexOptionsConflict, IndexKeySpecsConflict, CommandNotSupportedOnView, DuplicateKey:
 * about what is there already, so trying again changes nothing.
 */
const SETUP_CODES = new Set([67, 73, 85, 86, 166, 11000]);

export const activityCollectionOf = (collection: string): string => `${collection}.activity`;

/** One process's access to MongoDB. Its readers and writers share the connections, the breakers and what was seen. */
export class Store {
  private readonly ports: StorePorts;
  private readonly connections: Record<Pool, StoreConnection>;
  private readonly time = new CausalTime();
  private readonly unreadable: UnreadableDocuments;
  private reads: StoreReads | undefined;
  private writes: StoreWrites | undefined;

  constructor(ports: StorePorts) {
    const { connections, settings } = ports;
    this.ports = ports;
    this.unreadable = new UnreadableDocuments(ports.onUnreadable);
    const pool = (name: Pool) => new StoreConnection(connections[name], settings, name);
    this.connections = { main: pool('main'), costly: pool('costly'), probe: pool('probe') };
  }

  /** A store outside of Nest, for tools and specs. It connects at once; `open` waits for it. */
  static connect(
    settings: StoreSettings,
    onBreakerChange?: StorePorts['onBreakerChange'],
    onUnreadable?: OnUnreadable,
  ): Store {
    const connections = {
      main: connect(settings, 'main'),
      costly: connect(settings, 'costly'),
      probe: connect(settings, 'probe'),
    };
    const models = modelsOf(connections.main, settings);
    return new Store({ settings, connections, models, onBreakerChange, onUnreadable });
  }

  /**
   * Connects, and makes the collections and indexes that are missing.
   * @throws StoreUnavailableError: call it again; StoreSetupError: a person must mend it
   */
  async open(): Promise<void> {
    await Promise.all(POOL_NAMES.map((name) => this.connections[name].open()));
    const { main } = this.connections;
    // Without a deadline: indexes of a collection that exists are built meanwhile.
    await main.translated(async () => {
      try {
        refuseStandalone(await main.db.command({ hello: 1 }));
        await this.refuseOldFormat();
        await this.makeActivityCollection();
        await this.makeIndexes();
      } catch (error) {
        throw this.refusalOf(error);
      }
    });
  }

  messageReader(): MessageReader {
    const { settings, models } = this.ports;
    return new MessageReader({
      reads: this.sharedReads(),
      time: this.time,
      connection: this.connections.main,
      collection: () => this.messages,
      names: { messages: settings.collection, activity: models.activity.collection.collectionName },
      unreadable: this.unreadable,
    });
  }

  messageWriter(): MessageWriter {
    const { writeConcern = SAFE_STORE.writeConcern } = this.ports.settings;
    const activity = new ActivityWriter({ collection: () => this.activity, isSafe: writeConcern === 'majority' });
    return new MessageWriter({ writes: this.sharedWrites(), collection: () => this.messages, activity });
  }

  deadLetterReader(): DeadLetterReader {
    return new DeadLetterReader(this.sharedReads(), () => this.deadLetters);
  }

  deadLetterWriter(): DeadLetterWriter {
    return new DeadLetterWriter({ writes: this.sharedWrites(), collection: () => this.deadLetters });
  }

  /** The breakers of the readers and writers that this process has made. */
  get breakers(): Breaker[] {
    return [this.reads, this.writes].flatMap((way) => (way ? [way.breaker.breaker] : []));
  }

  /** How often a read left out a stored document that is no message. */
  get unreadableReads(): number {
    return this.unreadable.reads;
  }

  /** Asks the primary, on a connection of its own. @throws StoreUnavailableError */
  async ping(): Promise<void> {
    const { probe } = this.connections;
    await probe.run(() => probe.db.command({ ping: 1 }));
  }

  /** Nest's hook: it runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    await Promise.all(POOL_NAMES.map((name) => this.connections[name].close()));
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

  private get messages(): mongo.Collection<MessageDocument> {
    return this.connections.main.db.collection(this.ports.models.message.collection.collectionName);
  }

  private get activity(): mongo.Collection<ActivityDocument> {
    return this.connections.main.db.collection(this.ports.models.activity.collection.collectionName);
  }

  private get deadLetters(): mongo.Collection<DeadLetterDocument> {
    return this.connections.main.db.collection(this.ports.models.deadLetter.collection.collectionName, MAJORITY);
  }

  /** Earlier versions kept the place in two fields, under an index that this version has no more. */
  private async refuseOldFormat(): Promise<void> {
    const indexes = await this.messages.indexes().catch((error: unknown) => {
      if (error instanceof mongo.MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
      throw error;
    });
    if (!indexes.some(({ name }) => name === INDEX_OF_OLD_FORMAT)) return;
    if (await this.messages.findOne({}, { projection: { _id: 1 } })) throw new StoreFormatError(this.ports.settings);
    // An earlier version was started and has stored nothing: only its indexes are in the way.
    await this.messages.dropIndexes();
  }

  private refusalOf(error: unknown): unknown {
    const { writeConcern = SAFE_STORE.writeConcern, database, collection } = this.ports.settings;
    if (isWriteConcernUnknown(error)) return new WriteConcernUnknownError(writeConcern, { cause: error });
    if (!(error instanceof mongo.MongoServerError) || !SETUP_CODES.has(Number(error.code)))
      return setupErrorFrom(error) ?? error;
    const detail = `the indexes of ${database}.${collection} can't be made: ${error.message}`;
    return new StoreSetupError(`${detail}; drop what is in the way, or set another MONGO_COLLECTION`, { cause: error });
  }

  private async makeActivityCollection(): Promise<void> {
    const { main } = this.connections;
    const { collectionName } = this.ports.models.activity.collection;
    try {
      await main.db.createCollection(collectionName, { ...ACTIVITY_COLLECTION, ...MAJORITY });
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
    }
  }

  private async makeIndexes(): Promise<void> {
    await this.messages.createIndexes(MESSAGE_INDEXES);
    await this.deadLetters.createIndexes(indexesOf(DeadLetterSchema));
  }
}

/** The indexes that a schema names. `background` is mongoose's own and has meant nothing since MongoDB 4.2. */
const indexesOf = (schema: { indexes: typeof MessageSchema.indexes }): mongo.IndexDescription[] =>
  schema.indexes().map(([key, { background: _, ...options }]) => ({
    ...(options as Omit<mongo.IndexDescription, 'key'>),
    key: key as Record<string, 1 | -1>,
  }));

/** The indexes of the collection of messages, for a writer that does without this lib: the baseline of the bench. */
export const MESSAGE_INDEXES: mongo.IndexDescription[] = indexesOf(MessageSchema);

export const modelsOf = (connection: Connection, { collection }: Pick<StoreSettings, 'collection'>): StoreModels => ({
  message: connection.model<MessageDocument>(MessageDocument.name, MessageSchema, collection),
  activity: connection.model<ActivityDocument>(ActivityDocument.name, ActivitySchema, activityCollectionOf(collection)),
  deadLetter: connection.model<DeadLetterDocument>(DeadLetterDocument.name, DeadLetterSchema),
});

/** UnknownReplWriteConcern and UnsatisfiableWriteConcern: by the set's configuration, no matter which members are away. */
const isWriteConcernUnknown = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && [79, 100].includes(Number(error.code));
