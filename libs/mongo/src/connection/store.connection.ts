import mongoose, { mongo, type Connection } from 'mongoose';
import { DeadlineError } from '@wiber/resilience';
import { withAnswerDeadline } from './answer.deadline.ts';
import { withoutContents } from './error.contents.ts';
import { StoreBehindError, StoreSetupError, StoreUnavailableError } from './mongo.errors.ts';
import { isAnswer, sentenceFor } from './server.answers.ts';
import { setupErrorFrom } from './setup.errors.ts';
import { ANSWER_MS, connectOptionsOf, type Pool } from './store.pools.ts';
import type { StoreSettings } from './store.settings.ts';

export interface ConnectionPorts {
  connection: Connection;
  settings: StoreSettings;
  pool: Pool;
  /** Called when a server answers with an error instead of a result. */
  onAnswer: (error: mongo.MongoServerError) => void;
}

/** One pool of connections. Every call to MongoDB passes through `run`, which bounds it and translates its errors. */
export class StoreConnection {
  private readonly connection: Connection;
  private readonly settings: StoreSettings;
  private readonly pool: Pool;
  private readonly onAnswer: (error: mongo.MongoServerError) => void;

  constructor({ connection, settings, pool, onAnswer }: ConnectionPorts) {
    this.connection = connection;
    this.settings = settings;
    this.pool = pool;
    this.onAnswer = onAnswer;
  }

  /**
   * Waits for the connection, and connects again after a failure.
   * @throws StoreUnavailableError: call it again; StoreSetupError when a person must change the URI or the server
   */
  async open(): Promise<void> {
    const { connection, settings } = this;
    await this.translated(async () => {
      try {
        if (connection.readyState === mongoose.ConnectionStates.connecting) await connection.asPromise();
        // A client that was connected once finds its servers by itself; another one would never be closed.
        else if (connection.db) await this.run(() => this.db.command({ ping: 1 }));
        else await connection.openUri(settings.uri, connectOptionsOf(settings, this.pool));
      } catch (error) {
        throw setupErrorFrom(error, settings) ?? error;
      }
    });
  }

  /** The driver's database. @throws StoreUnavailableError before the first connection */
  get db(): mongo.Db {
    return this.connected.db as unknown as mongo.Db;
  }

  /** The driver's client. @throws StoreUnavailableError before the first connection */
  get client(): mongo.MongoClient {
    return this.connected.getClient() as unknown as mongo.MongoClient;
  }

  /**
   * Settles as `work` does, and after `withinMs` at the latest. Anything but a result from MongoDB becomes
   * StoreUnavailableError; an error of our own code stays what it is.
   *
   * The driver's socket time-out is not enough: a command that the socket does not accept, because the server hangs or was
   * killed a moment ago, waits for a `drain` event that never comes (mongodb 7.8.0, Connection.writeCommand). Large writes
   * must end with `signal`, or their connection would never return to the pool.
   */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, withinMs = this.defaultMs): Promise<T> {
    const deadline = new AbortController();
    return this.translated(async () => {
      try {
        return await withAnswerDeadline(work(deadline.signal), withinMs);
      } catch (error) {
        deadline.abort(error);
        throw error;
      }
    });
  }

  /** As `run`, without a bound: for building indexes, which takes as long as the collection is large. */
  async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.unavailableFrom(error);
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private get defaultMs(): number {
    return this.settings.serverSelectionMs + (this.settings.answerMs ?? ANSWER_MS);
  }

  /** The client is told no word of the server or the driver. They are in the cause. */
  private unavailableFrom(error: unknown): Error {
    if (!(error instanceof Error)) return new Error(String(error), { cause: error });
    if (error instanceof StoreBehindError || error instanceof StoreSetupError || !isFromMongo(error)) return error;
    const sentence = sentenceFor(error);
    const cause = withoutContents(error);
    if (isAnswer(cause)) this.onAnswer(cause);
    return new StoreUnavailableError(sentence, { cause });
  }

  private get connected(): Connection {
    if (!this.connection.db) throw new StoreUnavailableError('MongoDB was not reached yet; try again');
    return this.connection;
  }
}

/** MongoInvalidArgumentError is not: the driver refuses such a call each time, before any server sees it. */
const isFromMongo = (error: Error): boolean =>
  (error instanceof mongo.MongoError && !(error instanceof mongo.MongoInvalidArgumentError)) ||
  error instanceof mongoose.Error ||
  error instanceof DeadlineError;
