import mongoose, { type mongo } from 'mongoose';
import type { LogPosition } from '@wiber/contracts';
import { CannotTellError } from '../audit.errors.ts';
import type { DocumentPages, StoredDocument } from '../merge/stored.document.ts';

const { BSON, MaxKey, MinKey, MongoClient } = mongoose.mongo;

/** Where the documents of a place in the log are found, in its order. */
const BY_PLACE = { partition: 1, offset: 1 } as const;
/** Measured: with 2,000 a quarter of the time goes into copying what lives on between two collections of garbage. */
const PAGE = 500;

export interface StoreNames {
  database: string;
  collection: string;
}

/** A place that may be of any type: what belongs to no record is sorted before, between and after the numbers. */
export interface Place {
  partition: unknown;
  offset: unknown;
}

export interface DoubledId extends LogPosition {
  messageId: string;
  /** Where the other document is. */
  other: string;
}

export const FIRST_PLACE: Place = { partition: new MinKey(), offset: new MinKey() };
export const LAST_PLACE: Place = { partition: new MaxKey(), offset: new MaxKey() };

/**
 * Reads the collection with a plain client: of the primary, and only what a majority holds. A session that has asked the
 * primary for its time reads all that was acknowledged before, also from a primary that was just elected.
 */
export class StoreReader {
  private readonly client: mongo.MongoClient;
  private readonly messages: mongo.Collection;

  private constructor(client: mongo.MongoClient, { database, collection }: StoreNames) {
    this.client = client;
    this.messages = client.db(database).collection(collection);
  }

  /** @throws CannotTellError when MongoDB does not answer */
  static async open(uri: string, names: StoreNames): Promise<StoreReader> {
    try {
      const client = new MongoClient(uri, {
        appName: 'wiber-audit',
        readPreference: 'primary',
        readConcern: { level: 'majority' },
        ...(uri.includes('serverSelectionTimeoutMS') ? {} : { serverSelectionTimeoutMS: 10_000 }),
      });
      return new StoreReader(await client.connect(), names);
    } catch (cause) {
      const detail = `MongoDB does not answer: ${(cause as Error).message}`;
      throw new CannotTellError('store_unusable', detail, { cause });
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** The documents of a range of a partition, in its order; documents of one offset are on one page. */
  pages({ partition, from, to }: { partition: number; from: number; to: number }): DocumentPages {
    let offset: mongo.Filter<mongo.Document> = { $gte: from };
    let done = false;
    const session = this.openSession();
    return {
      next: async () => {
        if (done) return [];
        const filter = { partition, offset: { ...offset, $lt: to } };
        const options = { session: await session, sort: BY_PLACE, hint: BY_PLACE, limit: PAGE, batchSize: PAGE };
        const found = await this.find(filter, options);
        if (found.length < PAGE) {
          done = true;
          await (await session).endSession();
          return found;
        }
        const last = found.at(-1)?.fields['offset'];
        const whole = found.findLastIndex(({ fields }) => fields['offset'] !== last) + 1;
        offset = whole > 0 ? { $gte: last } : { $gt: last };
        return whole > 0 ? found.slice(0, whole) : found;
      },
    };
  }

  /** Documents between two places, at most so many; the second place is left out. */
  async between(from: Place, to: Place, limit: number): Promise<StoredDocument[]> {
    const session = await this.openSession();
    try {
      return await this.find({}, { session, hint: BY_PLACE, min: { ...from }, max: { ...to }, limit });
    } finally {
      await session.endSession();
    }
  }

  /** Every document that has one of these ids. */
  async withIds(messageIds: string[]): Promise<StoredDocument[]> {
    const session = await this.openSession();
    try {
      return await this.find({ messageId: { $in: messageIds } }, { session });
    } finally {
      await session.endSession();
    }
  }

  /** Ids that two documents have, at most so many. While a unique index forbids it, there are none to look for. */
  async doubledIds(limit: number): Promise<DoubledId[]> {
    const indexes = (await this.messages.listIndexes().toArray()) as mongo.IndexDescriptionInfo[];
    if (indexes.some(({ key, unique }) => unique === true && Object.keys(key).join() === 'messageId')) return [];
    const place = { partition: '$partition', offset: '$offset' };
    const doubled = this.messages.aggregate<{ _id: unknown; first: Place; last: Place }>(
      [
        { $group: { _id: '$messageId', count: { $sum: 1 }, first: { $min: place }, last: { $max: place } } },
        { $match: { count: { $gt: 1 } } },
        { $limit: limit },
      ],
      { allowDiskUse: true },
    );
    return (await doubled.toArray()).map(({ _id, first, last }) => ({
      messageId: String(_id),
      partition: Number(last.partition),
      offset: Number(last.offset),
      other: `[${String(first.partition)}]@${String(first.offset)}`,
    }));
  }

  async holdsAny(): Promise<boolean> {
    return (await this.find({}, { limit: 1 })).length > 0;
  }

  /** Drops the collection and no more of the database. */
  async drop(): Promise<void> {
    await this.messages.drop();
  }

  private async openSession(): Promise<mongo.ClientSession> {
    const session = this.client.startSession({ causalConsistency: true });
    await this.client.db('admin').command({ ping: 1 }, { session });
    return session;
  }

  private async find(filter: mongo.Filter<mongo.Document>, options: mongo.FindOptions): Promise<StoredDocument[]> {
    try {
      const found = await this.messages.find(filter, { ...options, raw: true }).toArray();
      return found.map((bytes) => new RawDocument(bytes as unknown as Uint8Array));
    } catch (cause) {
      const { message } = cause as Error;
      const detail = message.includes('hint provided does not correspond')
        ? 'the collection has no index {partition, offset}; ingest makes it when it starts'
        : `MongoDB can't be read: ${message}`;
      throw new CannotTellError('store_unusable', detail, { cause });
    }
  }
}

/** Bytes until somebody asks: a page of objects lives long enough to be copied by each collection of garbage. */
class RawDocument implements StoredDocument {
  private readonly bytes: Uint8Array;
  private known: StoredDocument | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get fields(): StoredDocument['fields'] {
    return (this.known ??= read(this.bytes)).fields;
  }

  get damage(): string | undefined {
    return (this.known ??= read(this.bytes)).damage;
  }
}

/** Strings are checked to be UTF-8, since what is not would be read as something else. */
const read = (bytes: Uint8Array): StoredDocument => {
  try {
    return { fields: BSON.deserialize(bytes) };
  } catch (error) {
    const fields = BSON.deserialize(bytes, { validation: { utf8: false } });
    return { fields, damage: (error as Error).message };
  }
};
