import { mongo } from 'mongoose';
import { causalTokenOf, timeOfCausalToken, type CausalToken } from '@wiber/contracts';
import { DeadlineError, withDeadline } from '@wiber/resilience';
import { StoreBehindError } from './mongo.errors.ts';
import { SAFE_STORE, type StoreSettings } from './store.settings.ts';

export interface ReadLimits {
  maxTimeMS: number;
  /** What the caller has seen: the answer is not older. */
  after?: CausalToken | undefined;
}

/** Of the connection that is open; they throw while there is none. */
export interface ReaderPorts {
  db: () => mongo.Db;
  client: () => mongo.MongoClient;
}

interface Attempt {
  mode: mongo.ReadPreferenceMode;
  maxTimeMS: number;
  after: mongo.Timestamp | undefined;
  session?: mongo.ClientSession;
}

/**
 * Errors after which a read is tried once more, on whatever server then fits.
 * Source: MongoDB specifications, Retryable Reads, "Retryable Error".
 */
const RETRYABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** MaxTimeMSExpired: also of a member that has not replicated as far as was asked for. */
const TIME_IS_UP = 50;
/** InvalidOptions: also the answer to a time that is ahead of the member's clock. */
const INVALID_OPTIONS = 72;
/** Modes that may read from a secondary while there is a primary to ask instead. */
const OR_PRIMARY: readonly string[] = ['secondaryPreferred', 'nearest'];
const PRIMARY = mongo.ReadPreference.primary;
/** Of the time that a read has, a secondary's share there; the primary has the rest. */
const SECONDARY_SHARE = 1 / 3;

/**
 * The reads that clients are answered with. Each is made where and as the settings say, and none is older than what this
 * process has read before or was told of, whichever member answers: readConcern.afterClusterTime makes it wait.
 * Source: https://www.mongodb.com/docs/manual/core/read-isolation-consistency-recency/#causal-consistency
 */
export class StoreReader {
  private readonly settings: StoreSettings;
  private readonly ports: ReaderPorts;
  private latest: mongo.Timestamp | undefined;
  /** Of `latest`, once it was asked for. */
  private latestToken: CausalToken | undefined;

  constructor(settings: StoreSettings, ports: ReaderPorts) {
    this.settings = settings;
    this.ports = ports;
  }

  /** The newest moment that a server told of; never one that a client named, which may be of no store. */
  get seen(): CausalToken | undefined {
    return (this.latestToken ??= tokenOf(this.latest));
  }

  /** No read from here on is older than this. */
  observe(token: CausalToken | undefined): void {
    if (token !== undefined) this.advance(timestampOf(token));
  }

  /**
   * A find or an aggregate.
   * @throws StoreBehindError; whatever the driver throws
   */
  async read(
    command: mongo.Document,
    limits: ReadLimits,
    decode: mongo.RunCommandOptions = {},
  ): Promise<mongo.Document> {
    const after = limits.after === undefined ? this.latest : laterOf(timestampOf(limits.after), this.latest);
    const { mode } = this.preference;
    const ask = (attempt: Attempt) => this.ask(command, attempt, decode);
    if (!OR_PRIMARY.includes(mode)) return this.asOften(ask, { mode, after, maxTimeMS: limits.maxTimeMS });
    const share = Math.ceil(limits.maxTimeMS * SECONDARY_SHARE);
    try {
      // A member that hangs does not even say that its time is up.
      return await withDeadline(this.asOften(ask, { mode, after, maxTimeMS: share }), share, 'a member');
    } catch (error) {
      if (codeOf(error) !== TIME_IS_UP && !(error instanceof DeadlineError)) throw error;
      return ask({ mode: 'primary', after, maxTimeMS: limits.maxTimeMS - share });
    }
  }

  /** Once, and once more where that may help. */
  private async asOften(ask: (attempt: Attempt) => Promise<mongo.Document>, attempt: Attempt): Promise<mongo.Document> {
    const { after } = attempt;
    try {
      return await ask(attempt);
    } catch (error) {
      if (isRetryable(error)) return ask(attempt);
      if (after === undefined || codeOf(error) !== INVALID_OPTIONS) throw error;
      return this.withPrimaryClock(after, (session) => ask({ ...attempt, session }));
    }
  }

  private advance(time: mongo.Timestamp): void {
    if (this.latest !== undefined && !time.greaterThan(this.latest)) return;
    this.latest = time;
    this.latestToken = undefined;
  }

  private get preference(): NonNullable<StoreSettings['readPreference']> {
    return this.settings.readPreference ?? SAFE_STORE.readPreference;
  }

  private async ask(
    command: mongo.Document,
    { mode, after, maxTimeMS, session }: Attempt,
    decode: mongo.RunCommandOptions,
  ): Promise<mongo.Document> {
    const level = this.settings.readConcern ?? SAFE_STORE.readConcern;
    const readConcern = after === undefined ? { level } : { level, afterClusterTime: after };
    const readPreference = mode === 'primary' ? PRIMARY : new mongo.ReadPreference(mode, [this.preference.tags]);
    const options = session ? { ...decode, readPreference, session } : { ...decode, readPreference };
    const reply = await this.ports.db().command({ ...command, maxTimeMS, readConcern }, options);
    const time: unknown = reply['operationTime'];
    if (time instanceof mongo.Timestamp) this.advance(time);
    return reply;
  }

  /**
   * A member refuses a time that its own clock has not reached. A time that another gateway was told may be so; the
   * primary's clock has it, and goes with the session to the member. A client's word alone never moves a clock.
   */
  private async withPrimaryClock<T>(
    after: mongo.Timestamp,
    again: (session: mongo.ClientSession) => Promise<T>,
  ): Promise<T> {
    return this.ports.client().withSession({ causalConsistency: false }, async (session) => {
      await this.ports.db().command({ ping: 1 }, { session });
      const clock = session.clusterTime?.clusterTime;
      if (clock === undefined || after.greaterThan(clock))
        throw new StoreBehindError('MongoDB has not reached the time of this Causal-Token; read again, or without it');
      return again(session);
    });
  }
}

/** Undefined of a server that keeps no such time. */
export const tokenOf = (time: unknown): CausalToken | undefined =>
  time instanceof mongo.Timestamp
    ? causalTokenOf({ seconds: time.getHighBitsUnsigned(), ordinal: time.getLowBitsUnsigned() })
    : undefined;

const timestampOf = (token: CausalToken): mongo.Timestamp => {
  const { seconds, ordinal } = timeOfCausalToken(token);
  return new mongo.Timestamp({ t: seconds, i: ordinal });
};

const laterOf = (a: mongo.Timestamp, b: mongo.Timestamp | undefined): mongo.Timestamp =>
  b !== undefined && b.greaterThan(a) ? b : a;

const codeOf = (error: unknown): number | undefined =>
  error instanceof mongo.MongoServerError ? Number(error.code) : undefined;

const isRetryable = (error: unknown): boolean =>
  error instanceof mongo.MongoNetworkError || RETRYABLE.has(codeOf(error) ?? -1);
