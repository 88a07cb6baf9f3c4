import mongoose, { mongo, type Connection } from 'mongoose';
import type { CausalToken, Message, StoredMessage } from '@wiber/contracts';
import { DeadlineError, withDeadline } from '@wiber/resilience';
import { MESSAGE_INDEXES } from './message.indexes.ts';
import { endedBy } from './ended.by.ts';
import { insertOnce, type Inserted } from './message.insert.ts';
import { readPage, type MessagePage, type PageRead, type RawFindReply } from './message.page.ts';
import { StoreBehindError, StoreUnavailableError, WriteConcernUnknownError } from './mongo.errors.ts';
import { StoreReader, tokenOf, type ReadLimits } from './store.reader.ts';
import { SAFE_STORE, type StoreSettings } from './store.settings.ts';

export interface StoreResult extends Inserted {
  /** A moment at which all of it is in the store; undefined of nothing. */
  writtenAt: CausalToken | undefined;
}

/** A server that is stopped and still connected answers nothing; past this it counts as away. Above wtimeoutMS. */
const ANSWER_MS = 20_000;
/** Connections of one process to one server. */
export const POOL_SIZE = 20;

/** The messages collection, and the only place that writes it. */
export class MessageStore {
  private readonly settings: StoreSettings;
  private readonly connection: Connection;
  private readonly reader: StoreReader;

  constructor(settings: StoreSettings) {
    this.settings = settings;
    this.connection = mongoose.createConnection();
    this.reader = new StoreReader(settings, { db: () => this.db, client: () => this.client });
  }

  /**
   * Connects and makes the indexes. Rejects when MongoDB is away; call it again until it resolves.
   * @throws WriteConcernUnknownError, StoreUnavailableError
   */
  async open(): Promise<void> {
    const { writeConcern = SAFE_STORE.writeConcern, answerMs = ANSWER_MS } = this.settings;
    // As long as it takes: indexes of a collection that is there are built meanwhile.
    await this.told(async () => {
      await this.connection.openUri(this.settings.uri, {
        dbName: this.settings.database,
        appName: this.settings.appName,
        serverSelectionTimeoutMS: this.settings.serverSelectionMs,
        // The default of all that ingest asks, whatever the URI says: what it takes for stored decides what is committed.
        readPreference: 'primary',
        readConcernLevel: 'local',
        // Once more by itself: that of the URI would count for more than the one within.
        journal: true,
        // Its type leaves out the names of getLastErrorModes, which the driver takes.
        writeConcern: { w: writeConcern as mongo.W, journal: true, wtimeoutMS: 10_000 },
        socketTimeoutMS: answerMs,
        // Of a handshake, and of what watches a server: one that is mute makes room for the next.
        connectTimeoutMS: answerMs,
        maxPoolSize: POOL_SIZE,
        retryWrites: true,
        autoIndex: false,
      });
      await this.messages.createIndexes(MESSAGE_INDEXES).catch((error: unknown) => {
        throw isWriteConcernUnknown(error) ? new WriteConcernUnknownError(writeConcern, { cause: error }) : error;
      });
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
    if (batch.length === 0) return { stored: 0, alreadyStored: 0, refused: [], writtenAt: undefined };
    return this.guard((givenUp) =>
      this.client.withSession(async (session) => {
        const result = await insertOnce(this.messages, batch, { session, ...endedBy(givenUp) });
        return { ...result, writtenAt: tokenOf(session.operationTime) };
      }),
    );
  }

  async findById(messageId: string, limits: ReadLimits): Promise<Message | null> {
    const filter = { messageId };
    const find = { find: this.settings.collection, filter, projection: MESSAGE_FIELDS, limit: 1, singleBatch: true };
    const reply = await this.guard(() => this.reader.read(find, limits));
    return (reply as { cursor: { firstBatch: Message[] } }).cursor.firstBatch[0] ?? null;
  }

  async readPage(read: PageRead): Promise<MessagePage> {
    const raw = { fieldsAsRaw: { firstBatch: true } };
    return this.guard(() =>
      readPage(
        async (find) => (await this.reader.read(find, read, raw)) as RawFindReply,
        this.settings.collection,
        read,
      ),
    );
  }

  /** How many match, counted on the index of this name. */
  async count(
    filter: mongo.Filter<StoredMessage>,
    { hint, ...limits }: ReadLimits & { hint: string },
  ): Promise<number> {
    const pipeline = [{ $match: filter }, { $count: 'count' }];
    const command = { aggregate: this.settings.collection, pipeline, hint, cursor: {} };
    const reply = await this.guard(() => this.reader.read(command, limits));
    return (reply as { cursor: { firstBatch: { count: number }[] } }).cursor.firstBatch[0]?.count ?? 0;
  }

  /** The newest moment that reads of this process have shown or were told of; undefined before the first. */
  get seen(): CausalToken | undefined {
    return this.reader.seen;
  }

  /** No read from here on is older than this moment, which a server gave: of a committed write, of an earlier answer. */
  observe(token: CausalToken | undefined): void {
    this.reader.observe(token);
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
    await this.now();
  }

  /** The primary's time: all that was acknowledged before is in the store by then. */
  async now(): Promise<CausalToken | undefined> {
    const reply = await this.guard(() => this.db.command({ ping: 1 }));
    return tokenOf(reply['operationTime']);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /**
   * Runs a read or a write. Whatever MongoDB answers but a result becomes StoreUnavailableError; what fails on this side of
   * the wire, a bug, stays what it is.
   *
   * Bounded here and not only by the driver's socket time-out: a command whose bytes the socket does not take, because the
   * server hangs or was killed a moment ago, waits in the driver for a `drain` that never comes (mongodb 7.8.0,
   * Connection.writeCommand). Whoever waits for it would stand still for ever. What is large ends with `givenUp`, or its
   * connection would never come back to the pool.
   */
  async guard<T>(work: (givenUp: AbortSignal) => Promise<T>): Promise<T> {
    const { serverSelectionMs, answerMs = ANSWER_MS } = this.settings;
    const deadline = new AbortController();
    return this.told(async () => {
      try {
        return await withDeadline(work(deadline.signal), serverSelectionMs + answerMs, 'MongoDB');
      } catch (error) {
        deadline.abort(error);
        throw error;
      }
    });
  }

  private async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreBehindError || error instanceof WriteConcernUnknownError) throw error;
      throw this.unavailable(error);
    }
  }

  /** The database, for what else is kept in it. */
  get db(): mongo.Db {
    return this.reached.db as unknown as mongo.Db;
  }

  private get client(): mongo.MongoClient {
    return this.reached.getClient() as unknown as mongo.MongoClient;
  }

  private get reached(): Connection {
    if (!this.connection.db) throw new StoreUnavailableError('MongoDB was not reached yet; try again');
    return this.connection;
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
  error instanceof mongoose.Error ||
  error instanceof DeadlineError;

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

/** UnknownReplWriteConcern, UnsatisfiableWriteConcern: by the set's configuration, whoever of it is away. */
const isWriteConcernUnknown = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && [79, 100].includes(Number(error.code));
