import { mongo } from 'mongoose';
import { ACTIVITY_COLLECTION } from './activity/activity.schema.ts';
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
import { DeadLetterSchema } from './dead-letters/dead-letter.schema.ts';
import { LeaseTermSchema } from './leases/lease-term.schema.ts';
import { indexesOf } from './connection/schema.indexes.ts';
import type { MessageLayout } from './messages/message.layout.ts';
import { withoutRepeats, type ConflictPolicy, type DeletedRepeats } from './repeated.messages.ts';
import { BusiestSchema } from './stats/busiest.schema.ts';
import { WindowSchema } from './stats/window.schema.ts';
import { MAJORITY, type StoreCollections } from './store.collections.ts';
import { missingOf, unhide, type IndexedCollection } from './wanted.indexes.ts';

const NAMESPACE_NOT_FOUND = 26;
const NAMESPACE_EXISTS = 48;
const CANNOT_CREATE_INDEX = 67;
const INDEX_OF_OLD_FORMAT = 'log_position';
/**
 * CannotCreateIndex, InvalidNamespace, IndexOptionsConflict, IndexKeySpecsConflict, CommandNotSupportedOnView, DuplicateKey:
 * about what is there already, so trying again changes nothing.
 */
const SETUP_CODES = new Set([67, 73, 85, 86, 166, 11000]);

export interface MakerPorts {
  main: StoreConnection;
  collections: StoreCollections;
  settings: StoreSettings;
  layout: MessageLayout;
}

/** Makes the collections of the store and their indexes, and refuses those that can't serve. */
export class CollectionMaker {
  private readonly main: StoreConnection;
  private readonly collections: StoreCollections;
  private readonly settings: StoreSettings;
  private readonly layout: MessageLayout;

  constructor({ main, collections, settings, layout }: MakerPorts) {
    this.main = main;
    this.collections = collections;
    this.settings = settings;
    this.layout = layout;
  }

  /** Earlier versions kept the place in two fields, under an index that this version has no more. */
  async refuseOldFormat(): Promise<void> {
    const indexes = await this.collections.messages.indexes().catch((error: unknown) => {
      if (error instanceof mongo.MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
      throw error;
    });
    if (!indexes.some(({ name }) => name === INDEX_OF_OLD_FORMAT)) return;
    if (await this.collections.messages.findOne({}, { projection: { _id: 1 } }))
      throw new StoreFormatError(this.settings);
    // An earlier version was started and has stored nothing: only its indexes are in the way.
    await this.collections.messages.dropIndexes();
  }

  /** What is thrown for an error of making them. */
  refusalOf(error: unknown): unknown {
    const { writeConcern = SAFE_STORE.writeConcern, database, collection } = this.settings;
    if (isWriteConcernUnknown(error)) return new WriteConcernUnknownError(writeConcern, { cause: error });
    if (!(error instanceof mongo.MongoServerError) || !SETUP_CODES.has(Number(error.code)))
      return setupErrorFrom(error, this.settings) ?? error;
    const mend = isUniqueOverShards(error)
      ? 'the collection is sharded: shard it by conversationId, and set MONGO_SHARD_KEY=conversationId for every app'
      : 'drop what is in the way, or set another MONGO_COLLECTION';
    // From here on the message has no contents of documents, and none of the words that are looked for above.
    const detail = `the indexes of ${database}.${collection} can't be made: ${withoutContents(error).message}`;
    return new StoreSetupError(`${detail}; ${mend}`, { cause: error });
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
    const { uniqueKey } = this.layout;
    return withoutRepeats(this.collections.messages, () => this.makeMissing(), { conflicts, onRepeats, uniqueKey });
  }

  /** The indexes of the collections that exist that are missing, hidden, or of another form. */
  async missingIndexes(): Promise<string[]> {
    const missing: string[] = [];
    for (const indexed of this.indexed) missing.push(...(await missingOf(indexed)));
    return missing;
  }

  /** @throws OddCollectionError for a collection that somebody made or changed, so that it can't serve */
  async refuseOddOptions(): Promise<void> {
    const { database } = this.settings;
    const messages = this.collections.messages.collectionName;
    const names = this.collections.all.map(({ collectionName }) => collectionName);
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
    const { collectionName } = this.collections.activity;
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
    const { collections, layout } = this;
    return [
      { collection: collections.messages, wanted: layout.indexes },
      { collection: collections.deadLetters, wanted: indexesOf(DeadLetterSchema) },
      { collection: collections.leaseTerms, wanted: indexesOf(LeaseTermSchema) },
      { collection: collections.windows, wanted: indexesOf(WindowSchema) },
      { collection: collections.busiest, wanted: indexesOf(BusiestSchema) },
    ];
  }
}

/** UnknownReplWriteConcern and UnsatisfiableWriteConcern: by the set's configuration, no matter which members are away. */
const isWriteConcernUnknown = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && [79, 100].includes(Number(error.code));

/**
 * A sharded collection takes no unique index that does not begin with its shard key. Source: checkShardKeyRestrictions in
 * src/mongo/db/index_builds/index_builds_coordinator.cpp.
 */
const isUniqueOverShards = ({ code, message }: mongo.MongoServerError): boolean =>
  Number(code) === CANNOT_CREATE_INDEX && message.includes('shard key pattern');
