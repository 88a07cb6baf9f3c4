import mongoose, { type mongo } from 'mongoose';
import { DEFAULT_COLLECTION } from '@wiber/contracts';
import { EvidenceError } from '../evidence.errors.ts';
import type { LogRange } from '../log/ranges.reading.ts';
import { activityCollectionOf, missingFrom, type ActivityDocument } from './activity.format.ts';
import { readCacheReads, type CacheReads } from './cache.reads.ts';
import type { DocumentPages } from './document.stream.ts';
import { placeIndexOf, type PlaceIndex } from './place.index.ts';
import { readSizes, type StoreSizes } from './store.sizes.ts';
import {
  DOUBLED_IDS,
  RawDocument,
  STORED_SPAN,
  doubledIdOf,
  isUniqueId,
  ofConversation,
  ofIds,
  type DoubledId,
  type StoredDocument,
  type UncheckedPlace,
} from './stored.document.ts';

const { MongoClient } = mongoose.mongo;

/** Measured: with pages of 2,000 the garbage collector takes a quarter of the time, because it copies whole pages. */
const PAGE = 500;

export interface StoreNames {
  database: string;
  collection: string;
}

/**
 * Reads the collection of messages with a plain client: from the primary, and only what a majority holds. Each session
 * first asks the primary for its time; so it reads all that was acknowledged before, also from a new primary.
 */
export class StoreReader {
  private readonly client: mongo.MongoClient;
  private readonly messages: mongo.Collection;
  private readonly places: PlaceIndex;

  private constructor(client: mongo.MongoClient, messages: mongo.Collection, places: PlaceIndex) {
    this.client = client;
    this.messages = messages;
    this.places = places;
  }

  /** @throws EvidenceError when MongoDB does not answer */
  static async open(uri: string, names: StoreNames): Promise<StoreReader> {
    try {
      const client = new MongoClient(uri, {
        appName: 'wiber-evidence',
        readPreference: 'primary',
        readConcern: { level: 'majority' },
        ...(uri.includes('serverSelectionTimeoutMS') ? {} : { serverSelectionTimeoutMS: 10_000 }),
      });
      const messages = (await client.connect()).db(names.database).collection(names.collection);
      return new StoreReader(client, messages, await placeIndexOf(messages));
    } catch (cause) {
      const detail = `MongoDB does not answer: ${(cause as Error).message}`;
      throw new EvidenceError('store_unusable', detail, { cause });
    }
  }

  /** The collection that the apps use in this environment. */
  static openFor(env: Record<string, string>): Promise<StoreReader> {
    const { MONGO_URI = '', MONGO_DB: database = '', MONGO_COLLECTION: collection = DEFAULT_COLLECTION } = env;
    return StoreReader.open(MONGO_URI, { database, collection });
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** The documents of a range in log order. Documents that share an offset are on one page. */
  pages({ partition, from, to }: LogRange): DocumentPages {
    let start: mongo.Document = { $gte: from };
    let done = false;
    const session = this.openSession();
    return {
      next: async () => {
        if (done) return [];
        const filter = this.places.ofOffsets(partition, { ...start, $lt: to });
        const { key } = this.places;
        const options = { session: await session, sort: key, hint: key, limit: PAGE, batchSize: PAGE };
        const found = await this.find(filter, options);
        if (found.length < PAGE) {
          done = true;
          await (await session).endSession();
          return found;
        }
        const last = found.at(-1)?.fields.offset;
        const whole = found.findLastIndex(({ fields }) => fields.offset !== last) + 1;
        start = whole > 0 ? { $gte: last } : { $gt: last };
        return whole > 0 ? found.slice(0, whole) : found;
      },
    };
  }

  /** At most `limit` documents from one place to before another. */
  between(from: UncheckedPlace, to: UncheckedPlace, limit: number): Promise<StoredDocument[]> {
    const { key, bound } = this.places;
    return this.inSession((session) => this.find({}, { session, hint: key, min: bound(from), max: bound(to), limit }));
  }

  /** Every document that has one of these ids. */
  withIds(messageIds: readonly string[]): Promise<StoredDocument[]> {
    return this.inSession((session) =>
      this.find(this.places.format === 'earlier' ? { messageId: { $in: [...messageIds] } } : ofIds(messageIds), {
        session,
      }),
    );
  }

  /**
   * Those of the keys that the index of activity does not have. None in the earlier format: it had no such index, and
   * found a user's messages without it.
   */
  async missingActivity(keys: readonly string[]): Promise<string[]> {
    if (this.places.format === 'earlier') return [];
    const pipeline = missingFrom(activityCollectionOf(this.messages.collectionName), keys);
    const missing = await this.inSession((session) =>
      this.client.db(this.messages.dbName).aggregate<ActivityDocument>(pipeline, { session }).toArray(),
    );
    return missing.map(({ _id }) => _id);
  }

  /** At most `limit` ids that two documents share. Looks for none while a unique index forbids them. */
  async doubledIds(limit: number): Promise<DoubledId[]> {
    const indexes = (await this.messages.listIndexes().toArray()) as mongo.IndexDescriptionInfo[];
    if (indexes.some(isUniqueId)) return [];
    const doubled = this.messages.aggregate([...DOUBLED_IDS, { $limit: limit }], { allowDiskUse: true });
    return (await doubled.toArray()).map(doubledIdOf);
  }

  /** Every document, one batch in memory. */
  all(): AsyncGenerator<StoredDocument> {
    return this.stream({}, {});
  }

  allInLogOrder(): AsyncGenerator<StoredDocument> {
    return this.stream({}, { sort: this.places.key });
  }

  ofConversation(conversationId: string): AsyncGenerator<StoredDocument> {
    return this.stream(ofConversation(conversationId), {});
  }

  /** Counts the documents one by one. */
  count(): Promise<number> {
    return this.messages.countDocuments();
  }

  /** From the collection's metadata: fast, and wrong after mongod was killed. */
  estimatedCount(): Promise<number> {
    return this.messages.estimatedDocumentCount();
  }

  /** What messages and indexes take on disk, after a checkpoint. The collection must exist. */
  sizes(): Promise<StoreSizes> {
    return readSizes(this.client, this.messages);
  }

  cacheReads(): Promise<CacheReads> {
    return readCacheReads(this.client);
  }

  /** Milliseconds from the first document that was stored to the last; NaN for an empty collection. */
  async storedSpanMs(): Promise<number> {
    const [span] = await this.messages.aggregate<{ first: number; last: number }>(STORED_SPAN).toArray();
    return span ? span.last - span.first : NaN;
  }

  /** Whether there is a document, of a conversation or at all. */
  async holdsAny(conversationId?: string): Promise<boolean> {
    const filter = conversationId === undefined ? {} : ofConversation(conversationId);
    return (await this.find(filter, { limit: 1 })).length > 0;
  }

  private async inSession<T>(work: (session: mongo.ClientSession) => Promise<T>): Promise<T> {
    const session = await this.openSession();
    try {
      return await work(session);
    } finally {
      await session.endSession();
    }
  }

  private async openSession(): Promise<mongo.ClientSession> {
    const session = this.client.startSession({ causalConsistency: true });
    await this.client.db('admin').command({ ping: 1 }, { session });
    return session;
  }

  private async find(filter: mongo.Document, options: mongo.FindOptions): Promise<StoredDocument[]> {
    try {
      const found = await this.messages.find(filter, { ...options, raw: true }).toArray();
      return found.map((bytes) => new RawDocument(bytes as unknown as Uint8Array));
    } catch (cause) {
      throw unreadable(cause as Error);
    }
  }

  private async *stream(filter: mongo.Document, options: mongo.FindOptions): AsyncGenerator<StoredDocument> {
    const session = await this.openSession();
    try {
      for await (const bytes of this.messages.find(filter, { ...options, session, raw: true }))
        yield new RawDocument(bytes as unknown as Uint8Array);
    } catch (cause) {
      throw unreadable(cause as Error);
    } finally {
      await session.endSession();
    }
  }
}

const unreadable = (cause: Error): EvidenceError =>
  new EvidenceError('store_unusable', `MongoDB cannot be read: ${cause.message}`, { cause });
