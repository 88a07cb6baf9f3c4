import mongoose, { type Connection, type mongo } from 'mongoose';
import { sameBody, type Message, type StoredMessage } from '@wiber/contracts';
import { MESSAGE_INDEXES, MESSAGE_ONCE } from './message.indexes.ts';
import { readPage, type MessagePage, type PageRead } from './message.page.ts';
import { StoreUnavailableError } from './mongo.errors.ts';
import type { StoreSettings } from './store.settings.ts';

/** A stored message that a record could not join, with what the store said. */
export interface Refusal {
  message: StoredMessage;
  reason: 'idempotency_conflict' | 'refused_by_store';
  detail: string;
}

export interface StoreResult {
  stored: number;
  alreadyStored: number;
  refused: Refusal[];
}

const DUPLICATE_KEY = 11000;
/** What MongoDB says of a document and not of itself: too large, its validation failed, or an operator's unique index. */
const CONTENT_ERRORS = new Set([10334, 17419, 17420, 121, DUPLICATE_KEY]);
/** A server that is stopped and still connected answers nothing; past this it counts as away. Above wtimeoutMS. */
const ANSWER_MS = 20_000;

/** The messages collection, and the only place that writes it. */
export class MessageStore {
  private readonly settings: StoreSettings;
  private readonly connection: Connection;

  constructor(settings: StoreSettings) {
    this.settings = settings;
    this.connection = mongoose.createConnection();
  }

  /** Connects and makes the indexes. Rejects when MongoDB is away; call it again until it resolves. */
  async open(): Promise<void> {
    await this.guard(async () => {
      await this.connection.openUri(this.settings.uri, {
        dbName: this.settings.database,
        appName: this.settings.appName,
        serverSelectionTimeoutMS: this.settings.serverSelectionMs,
        writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
        socketTimeoutMS: this.settings.answerMs ?? ANSWER_MS,
        maxPoolSize: 20,
        retryWrites: true,
        autoIndex: false,
      });
      await this.messages.createIndexes(MESSAGE_INDEXES);
    });
  }

  get isOpen(): boolean {
    return this.connection.readyState === mongoose.ConnectionStates.connected;
  }

  /** The driver's collection: reads go past mongoose, whose documents cost more than the find. */
  get messages(): mongo.Collection<StoredMessage> {
    return this.db.collection<StoredMessage>(this.settings.collection);
  }

  /**
   * One unordered bulk write. A duplicate messageId with the same body is already stored; with another body it is an
   * idempotency conflict and is handed back, never dropped.
   * @throws StoreUnavailableError when anything may be unwritten: write the same again
   */
  async store(batch: readonly StoredMessage[]): Promise<StoreResult> {
    if (batch.length === 0) return { stored: 0, alreadyStored: 0, refused: [] };
    // A fresh copy of each: the driver adds _id to what it inserts, and a second try must not carry the first's.
    const documents = batch.map((message) => ({ ...message }));
    try {
      await this.messages.insertMany(documents, { ordered: false });
      return { stored: batch.length, alreadyStored: 0, refused: [] };
    } catch (error) {
      if (!isBulkWriteError(error) || !this.accountsFor(batch, error)) throw this.unavailable(error);
      return this.settle(batch, error);
    }
  }

  async findById(messageId: string, maxTimeMS: number): Promise<Message | null> {
    return this.guard(() => this.messages.findOne({ messageId }, { projection: MESSAGE_FIELDS, maxTimeMS }));
  }

  async readPage(read: PageRead): Promise<MessagePage> {
    return this.guard(() => readPage(this.db, this.settings.collection, read));
  }

  /** The Lamport times of the last stored record of each partition, the largest of them; 0 when nothing is stored. */
  async lastLamport(): Promise<number> {
    return this.guard(async () => {
      const partitions = await this.messages.distinct('partition');
      const last = await Promise.all(
        partitions.map((partition) => this.messages.findOne({ partition }, { sort: { partition: -1, offset: -1 } })),
      );
      return Math.max(0, ...last.map((message) => message?.lamport ?? 0));
    });
  }

  /** Where the primary is, as `host:port`. */
  async primary(): Promise<string> {
    const { me } = (await this.guard(() => this.db.command({ hello: 1 }))) as { me: string };
    return me;
  }

  /** Really asks the primary. */
  async ping(): Promise<void> {
    await this.guard(() => this.db.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /**
   * Runs a read or a write. Whatever MongoDB answers but a result becomes StoreUnavailableError; what fails on this side of
   * the wire, a bug, stays what it is.
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  private get db(): mongo.Db {
    const db = this.connection.db;
    if (!db) throw new StoreUnavailableError('MongoDB was not reached yet; try again');
    return db as unknown as mongo.Db;
  }

  private async settle(batch: readonly StoredMessage[], error: mongo.MongoBulkWriteError): Promise<StoreResult> {
    const failed = [error.writeErrors].flat();
    const refused: Refusal[] = [];
    const duplicates: StoredMessage[] = [];
    for (const { code, index, errmsg = '' } of failed) {
      const message = batch[index];
      if (!message) throw this.unavailable(error);
      if (code === DUPLICATE_KEY && errmsg.includes(`index: ${MESSAGE_ONCE}`)) duplicates.push(message);
      else if (CONTENT_ERRORS.has(Number(code))) refused.push({ message, reason: 'refused_by_store', detail: errmsg });
      else throw this.unavailable(error);
    }
    const present = await this.bodiesOf(duplicates.map((message) => message.messageId));
    for (const message of duplicates) {
      const first = present.get(message.messageId);
      if (!first) throw new StoreUnavailableError(`${message.messageId} is a duplicate of a message not readable yet`);
      if (sameBody(first, message)) continue;
      const detail = `${message.messageId} is stored with another body`;
      refused.push({ message, reason: 'idempotency_conflict', detail });
    }
    const conflicts = refused.filter((refusal) => refusal.reason === 'idempotency_conflict').length;
    return { stored: error.insertedCount, alreadyStored: duplicates.length - conflicts, refused };
  }

  private async bodiesOf(ids: string[]): Promise<Map<string, Message>> {
    const found = await this.guard(() => this.messages.find({ messageId: { $in: ids } }).toArray());
    return new Map(found.map((message) => [message.messageId, message]));
  }

  /**
   * The driver wraps any failure of a bulk in this error, a cut connection or a stepped-down primary too, and then with
   * no word of single documents. It tells what became of the batch only where each document is inserted or refused.
   */
  private accountsFor(batch: readonly StoredMessage[], error: mongo.MongoBulkWriteError): boolean {
    const told = error.insertedCount + [error.writeErrors].flat().length;
    return told === batch.length && error.result.getWriteConcernError() === undefined;
  }

  private unavailable(error: unknown): Error {
    if (!(error instanceof Error)) return new Error(String(error), { cause: error });
    if (!isFromMongo(error)) return error;
    return new StoreUnavailableError(`MongoDB does not answer: ${error.message}`, { cause: error });
  }
}

/** An argument that the driver refuses never reached the server, and would be refused each time. */
const isFromMongo = (error: Error): boolean =>
  (error instanceof mongoose.mongo.MongoError && !(error instanceof mongoose.mongo.MongoInvalidArgumentError)) ||
  error instanceof mongoose.Error;

/** What of a document leaves over HTTP. */
const MESSAGE_FIELDS = {
  _id: 0,
  messageId: 1,
  fromUser: 1,
  toUser: 1,
  content: 1,
  timestamp: 1,
  lamport: 1,
} as const;

const isBulkWriteError = (error: unknown): error is mongo.MongoBulkWriteError =>
  error instanceof Error && error.name === 'MongoBulkWriteError';
