import { mongo } from 'mongoose';
import type { CausalToken } from '@wiber/contracts';
import { DeadlineError, withDeadline } from '@wiber/resilience';
import type { CausalTime } from './causal.time.ts';
import { CausalTokenAheadError, StoreBehindError } from './mongo.errors.ts';
import type { StoreConnection } from './store.connection.ts';
import { SAFE_STORE, type ReadConcern, type ReadPreference, type StoreSettings } from './store.settings.ts';

/**
 * - `settings`: where and what the settings say;
 * - `newest`: what a majority has, from the primary. Where no primary is known, from any member.
 */
export type ReadSource = 'settings' | 'newest';

export interface ReadCommand {
  /** A find or an aggregate. */
  command: mongo.Document;
  maxTimeMS: number;
  /** What the client has seen: the answer is not older. */
  seen: CausalToken | undefined;
  source: ReadSource;
  decode?: mongo.RunCommandOptions;
}

interface Place {
  preference: ReadPreference;
  level: ReadConcern;
}

interface Attempt {
  mode: mongo.ReadPreferenceMode;
  maxTimeMS: number;
  after: mongo.Timestamp | undefined;
  session?: mongo.ClientSession;
}

/**
 * Errors after which a read is tried once more, on any server that fits then.
 * Source: MongoDB specifications, Retryable Reads, "Retryable Error".
 */
const RETRYABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** MaxTimeMSExpired: also the answer of a member that has not replicated far enough in time. */
const TIME_IS_UP = 50;
/** InvalidOptions: also the answer to a time that is ahead of the member's clock. */
const INVALID_OPTIONS = 72;
/** Modes that may read from a secondary although there is a primary to ask instead. */
const OR_PRIMARY: readonly string[] = ['secondaryPreferred', 'nearest'];
/**
 * How far a primary's clock may be behind a token of this replica set, in seconds: after a failover to a member whose clock
 * is slow. A token that is further ahead is none of an answer, and a read that waits for it would wait for years.
 */
const AHEAD_MAX_S = 60;
const PRIMARY = mongo.ReadPreference.primary;
const NEWEST: Place = { preference: { mode: 'primaryPreferred', tags: {} }, level: 'majority' };
/** A secondary's share of the time that a read has; the primary gets the rest. */
const SECONDARY_SHARE = 1 / 3;

/**
 * Reads for clients. Read concern and preference come from the settings. No answer is older than what this process or the
 * client has seen, whichever member answers: readConcern.afterClusterTime makes the member wait.
 * Source: https://www.mongodb.com/docs/manual/core/read-isolation-consistency-recency/#causal-consistency
 */
export class CausalReader {
  private readonly settings: StoreSettings;
  private readonly time: CausalTime;

  constructor(settings: StoreSettings, time: CausalTime) {
    this.settings = settings;
    this.time = time;
  }

  /** @throws StoreBehindError, CausalTokenAheadError; any error of the driver */
  async read(connection: StoreConnection, { command, maxTimeMS, seen, source, decode = {} }: ReadCommand) {
    const after = this.time.after(seen);
    const place = source === 'newest' ? NEWEST : this.place;
    const { mode } = place.preference;
    const ask = (attempt: Attempt) => this.ask(connection, { ...attempt, command, decode, place });
    const askTwice = (attempt: Attempt) => this.askTwice(connection, ask, attempt);
    if (!OR_PRIMARY.includes(mode)) return askTwice({ mode, after, maxTimeMS });
    const share = Math.ceil(maxTimeMS * SECONDARY_SHARE);
    try {
      // A member that hangs does not even answer that its time is up.
      return await withDeadline(askTwice({ mode, after, maxTimeMS: share }), share, 'a member');
    } catch (error) {
      if (codeOf(error) !== TIME_IS_UP && !(error instanceof DeadlineError)) throw error;
      // Zero would mean no limit.
      return ask({ mode: 'primary', after, maxTimeMS: Math.max(1, maxTimeMS - share) });
    }
  }

  /** One attempt, and a second after an error that a second attempt may cure. */
  private async askTwice(
    connection: StoreConnection,
    ask: (attempt: Attempt) => Promise<mongo.Document>,
    attempt: Attempt,
  ): Promise<mongo.Document> {
    const { after } = attempt;
    try {
      return await ask(attempt);
    } catch (error) {
      if (isRetryable(error)) return ask(attempt);
      if (after === undefined || codeOf(error) !== INVALID_OPTIONS) throw error;
      return withPrimaryClock(connection, after, (session) => ask({ ...attempt, session }));
    }
  }

  private get place(): Place {
    const { readPreference: preference = SAFE_STORE.readPreference, readConcern: level = SAFE_STORE.readConcern } =
      this.settings;
    return { preference, level };
  }

  private async ask(
    { db }: StoreConnection,
    { command, decode, place, ...attempt }: Attempt & Pick<ReadCommand, 'command' | 'decode'> & { place: Place },
  ): Promise<mongo.Document> {
    const { mode, maxTimeMS, after, session } = attempt;
    const { preference, level } = place;
    const readConcern = after === undefined ? { level } : { level, afterClusterTime: after };
    const readPreference = mode === 'primary' ? PRIMARY : new mongo.ReadPreference(mode, [preference.tags]);
    const options = session ? { ...decode, readPreference, session } : { ...decode, readPreference };
    const reply = await db.command({ ...command, maxTimeMS, readConcern }, options);
    const time: unknown = reply['operationTime'];
    if (time instanceof mongo.Timestamp) this.time.observe(time);
    return reply;
  }
}

/**
 * A member refuses a time that its own clock has not reached yet, also when another gateway got that time from the primary.
 * The session carries the primary's clock to the member. A client's word alone never moves a clock.
 */
const withPrimaryClock = <T>(
  { client, db }: StoreConnection,
  after: mongo.Timestamp,
  again: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> =>
  client.withSession({ causalConsistency: false }, async (session) => {
    await db.command({ ping: 1 }, { session });
    const clock = session.clusterTime?.clusterTime;
    if (clock === undefined || after.greaterThan(clock)) throw aheadOf(clock, after);
    return again(session);
  });

const aheadOf = (clock: mongo.Timestamp | undefined, after: mongo.Timestamp): StoreBehindError => {
  if (clock !== undefined && after.getHighBitsUnsigned() - clock.getHighBitsUnsigned() > AHEAD_MAX_S)
    return new CausalTokenAheadError('no store has given this Causal-Token; read without it');
  return new StoreBehindError('MongoDB has not reached the time of this Causal-Token; read again, or without it');
};

const codeOf = (error: unknown): number | undefined =>
  error instanceof mongo.MongoServerError ? Number(error.code) : undefined;

const isRetryable = (error: unknown): boolean =>
  error instanceof mongo.MongoNetworkError || RETRYABLE.has(codeOf(error) ?? -1);
