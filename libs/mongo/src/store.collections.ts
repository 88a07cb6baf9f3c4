import { mongo, type Connection, type Model } from 'mongoose';
import { COLLECTION_SUFFIX } from '@wiber/contracts';
import { ACTIVITY_COLLECTION, ActivityDocument, ActivitySchema } from './activity/activity.schema.ts';
import { mendOf, oddOptionOf } from './collection.options.ts';
import { withoutContents } from './connection/error.contents.ts';
import {
  OddCollectionError,
  StoreFormatError,
  StoreSetupError,
  WriteConcernUnknownError,
} from './connection/mongo.errors.ts';
import { setupErrorFrom } from './connection/setup.errors.ts';
import type { StoreConnection } from './connection/store.connection.ts';
import { UNBOUNDED } from './connection/store.pools.ts';
import { SAFE_STORE, type StoreSettings } from './connection/store.settings.ts';
import { DeadLetterDocument, DeadLetterSchema } from './dead-letters/dead-letter.schema.ts';
import { LeaseTermDocument, LeaseTermSchema } from './leases/lease-term.schema.ts';
import { LeaseDocument, LeaseSchema } from './leases/lease.schema.ts';
import { MessageDocument, MessageSchema } from './messages/message.schema.ts';
import { BusiestDocument, BusiestSchema } from './stats/busiest.schema.ts';
import { ProgressDocument, ProgressSchema } from './stats/progress.schema.ts';
import { ServersDocument, ServersSchema } from './stats/servers.schema.ts';
import { WindowDocument, WindowSchema } from './stats/window.schema.ts';
import { withoutRepeats, type ConflictPolicy, type DeletedRepeats } from './repeated.messages.ts';
import type { RenewalLockDocument } from './renewal.lock.ts';
import { TopicDocument, TopicSchema } from './topics/topic.schema.ts';
import { missingOf, unhide, type IndexedCollection } from './wanted.indexes.ts';

/** The mongoose models of the store. Their schemas name the indexes; their collections are used without documents. */
export interface StoreModels {
  message: Model<MessageDocument>;
  activity: Model<ActivityDocument>;
  deadLetter: Model<DeadLetterDocument>;
  topic: Model<TopicDocument>;
  lease: Model<LeaseDocument>;
  leaseTerm: Model<LeaseTermDocument>;
  window: Model<WindowDocument>;
  progress: Model<ProgressDocument>;
  busiest: Model<BusiestDocument>;
  servers: Model<ServersDocument>;
}

/** A state that a failover takes back would be changed again, so changes of dead letters and of figures are always majority writes. */
const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;
const NAMESPACE_NOT_FOUND = 26;
const NAMESPACE_EXISTS = 48;
const INDEX_OF_OLD_FORMAT = 'log_position';
/**
 * CannotCreateIndex, InvalidNamespace, IndexOptionsConflict, IndexKeySpecsConflict, CommandNotSupportedOnView, DuplicateKey:
 * about what is there already, so trying again changes nothing.
 */
const SETUP_CODES = new Set([67, 73, 85, 86, 166, 11000]);

export const activityCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.activity}`;

/** Figures belong to the messages of one collection: a rebuild into another one counts anew. */
export const statsCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.stats}`;
export const progressCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.progress}`;
export const busiestCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.busiest}`;
export const serversCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.servers}`;

export const modelsOf = (connection: Connection, { collection }: Pick<StoreSettings, 'collection'>): StoreModels => ({
  message: connection.model<MessageDocument>(MessageDocument.name, MessageSchema, collection),
  activity: connection.model<ActivityDocument>(ActivityDocument.name, ActivitySchema, activityCollectionOf(collection)),
  deadLetter: connection.model<DeadLetterDocument>(DeadLetterDocument.name, DeadLetterSchema),
  topic: connection.model<TopicDocument>(TopicDocument.name, TopicSchema),
  lease: connection.model<LeaseDocument>(LeaseDocument.name, LeaseSchema),
  leaseTerm: connection.model<LeaseTermDocument>(LeaseTermDocument.name, LeaseTermSchema),
  window: connection.model<WindowDocument>(WindowDocument.name, WindowSchema, statsCollectionOf(collection)),
  progress: connection.model<ProgressDocument>(ProgressDocument.name, ProgressSchema, progressCollectionOf(collection)),
  busiest: connection.model<BusiestDocument>(BusiestDocument.name, BusiestSchema, busiestCollectionOf(collection)),
  servers: connection.model<ServersDocument>(ServersDocument.name, ServersSchema, serversCollectionOf(collection)),
});

/** The collections of the store, and how they are made. */
export class StoreCollections {
  private readonly main: StoreConnection;
  private readonly models: StoreModels;
  private readonly settings: StoreSettings;

  constructor(main: StoreConnection, { models, settings }: { models: StoreModels; settings: StoreSettings }) {
    this.main = main;
    this.models = models;
    this.settings = settings;
  }

  get messages(): mongo.Collection<MessageDocument> {
    return this.main.db.collection(this.models.message.collection.collectionName);
  }

  get activity(): mongo.Collection<ActivityDocument> {
    return this.main.db.collection(this.models.activity.collection.collectionName);
  }

  get deadLetters(): mongo.Collection<DeadLetterDocument> {
    return this.main.db.collection(this.models.deadLetter.collection.collectionName, MAJORITY);
  }

  get topics(): mongo.Collection<TopicDocument> {
    return this.main.db.collection(this.models.topic.collection.collectionName, MAJORITY);
  }

  get leases(): mongo.Collection<LeaseDocument> {
    return this.main.db.collection(this.models.lease.collection.collectionName, MAJORITY);
  }

  get leaseTerms(): mongo.Collection<LeaseTermDocument> {
    return this.main.db.collection(this.models.leaseTerm.collection.collectionName, MAJORITY);
  }

  /** In the collection of leases, which has documents by their _id alone. */
  get renewalLocks(): mongo.Collection<RenewalLockDocument> {
    return this.main.db.collection(this.models.lease.collection.collectionName, MAJORITY);
  }

  get windows(): mongo.Collection<WindowDocument> {
    return this.main.db.collection(this.models.window.collection.collectionName, MAJORITY);
  }

  get progress(): mongo.Collection<ProgressDocument> {
    return this.main.db.collection(this.models.progress.collection.collectionName, MAJORITY);
  }

  get busiest(): mongo.Collection<BusiestDocument> {
    return this.main.db.collection(this.models.busiest.collection.collectionName, MAJORITY);
  }

  get servers(): mongo.Collection<ServersDocument> {
    return this.main.db.collection(this.models.servers.collection.collectionName, MAJORITY);
  }

  get all(): mongo.Collection<mongo.Document>[] {
    const models = Object.values(this.models) as { collection: { collectionName: string } }[];
    return models.map(({ collection }) => this.main.db.collection(collection.collectionName));
  }

  /** Earlier versions kept the place in two fields, under an index that this version has no more. */
  async refuseOldFormat(): Promise<void> {
    const indexes = await this.messages.indexes().catch((error: unknown) => {
      if (error instanceof mongo.MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
      throw error;
    });
    if (!indexes.some(({ name }) => name === INDEX_OF_OLD_FORMAT)) return;
    if (await this.messages.findOne({}, { projection: { _id: 1 } })) throw new StoreFormatError(this.settings);
    // An earlier version was started and has stored nothing: only its indexes are in the way.
    await this.messages.dropIndexes();
  }

  /** What is thrown for an error of making them. */
  refusalOf(error: unknown): unknown {
    const { writeConcern = SAFE_STORE.writeConcern, database, collection } = this.settings;
    if (isWriteConcernUnknown(error)) return new WriteConcernUnknownError(writeConcern, { cause: error });
    if (!(error instanceof mongo.MongoServerError) || !SETUP_CODES.has(Number(error.code)))
      return setupErrorFrom(error) ?? error;
    const detail = `the indexes of ${database}.${collection} can't be made: ${withoutContents(error).message}`;
    return new StoreSetupError(`${detail}; drop what is in the way, or set another MONGO_COLLECTION`, { cause: error });
  }

  /**
   * Makes collections and indexes that are missing.
   * @throws StoreSetupError for a collection that somebody made with other options
   */
  async makeMissing(): Promise<void> {
    await this.refuseOddOptions();
    await this.makeActivityCollection();
    await this.makeIndexes();
  }

  /** As `makeMissing`; messages that were stored twice while their unique index was missing are deleted but for the first. */
  makeAgain(conflicts: ConflictPolicy, onRepeats: (repeats: DeletedRepeats) => void): Promise<void> {
    return withoutRepeats(this.messages, () => this.makeMissing(), { conflicts, onRepeats });
  }

  /** The indexes of the collections that exist that are missing, hidden, or of another form. */
  async missingIndexes(): Promise<string[]> {
    const missing: string[] = [];
    for (const indexed of this.indexed) missing.push(...(await missingOf(indexed)));
    return missing;
  }

  /** The UUID of each collection that exists, by name. */
  async identities(options: mongo.ListCollectionsOptions): Promise<Map<string, string>> {
    const { message, activity, deadLetter } = this.models;
    const names = [message, activity, deadLetter].map(({ collection }) => collection.collectionName);
    const found = await this.main.db
      .listCollections({ name: { $in: names } }, { ...options, nameOnly: false })
      .toArray();
    return new Map(found.map(({ name, info }) => [name, info?.uuid?.toString('hex') ?? '']));
  }

  /** @throws OddCollectionError for a collection that somebody made or changed, so that it can't serve */
  async refuseOddOptions(): Promise<void> {
    const { database } = this.settings;
    const messages = this.models.message.collection.collectionName;
    const models = Object.values(this.models) as { collection: { collectionName: string } }[];
    const names = models.map(({ collection }) => collection.collectionName);
    const found = await this.main.db.listCollections({ name: { $in: names } }, { nameOnly: false }).toArray();
    for (const description of found) {
      const { name } = description;
      const oddity = oddOptionOf(description, name === messages);
      if (oddity === undefined) continue;
      throw new OddCollectionError(`the collection ${database}.${name} ${oddity}; ${mendOf(name, oddity)}`);
    }
  }

  private async makeActivityCollection(): Promise<void> {
    const { main } = this;
    const { collectionName } = this.models.activity.collection;
    try {
      await main.db.createCollection(collectionName, { ...ACTIVITY_COLLECTION, ...MAJORITY });
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
    }
  }

  private async makeIndexes(): Promise<void> {
    for (const { collection, wanted } of this.indexed) {
      await collection.createIndexes(wanted, UNBOUNDED);
      await unhide(collection, { db: this.main.db, wanted });
    }
  }

  /** The collections that have indexes, with those that they need. */
  private get indexed(): IndexedCollection[] {
    return [
      { collection: this.messages, wanted: MESSAGE_INDEXES },
      { collection: this.deadLetters, wanted: indexesOf(DeadLetterSchema) },
      { collection: this.leaseTerms, wanted: indexesOf(LeaseTermSchema) },
      { collection: this.windows, wanted: indexesOf(WindowSchema) },
      { collection: this.busiest, wanted: indexesOf(BusiestSchema) },
    ];
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

/** Those that are built anew when a foreign document made them slow. The unique one can't be missing while messages are written. */
export const RENEWED_INDEXES = MESSAGE_INDEXES.filter(({ unique }) => !unique) as (mongo.IndexDescription & {
  name: string;
})[];

/** UnknownReplWriteConcern and UnsatisfiableWriteConcern: by the set's configuration, no matter which members are away. */
const isWriteConcernUnknown = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && [79, 100].includes(Number(error.code));
