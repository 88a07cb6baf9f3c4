/** What MongoDB takes for `w`: a number of members, `majority`, or a name of the replica set's getLastErrorModes. */
export type WriteConcern = number | string;

/**
 * Only these two. `linearizable` can't be combined with afterClusterTime, which already keeps a replaced primary from
 * answering; `available` and `snapshot` are for sharded clusters and for long reads.
 */
export const READ_CONCERNS = ['majority', 'local'] as const;
export type ReadConcern = (typeof READ_CONCERNS)[number];

export const READ_MODES = ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'] as const;
export type ReadMode = (typeof READ_MODES)[number];

export interface ReadPreference {
  mode: ReadMode;
  /** Only members with all of these tags; with none, any member. */
  tags: Readonly<Record<string, string>>;
}

/** The defaults: nothing that was written or read is ever taken back. */
export const SAFE_STORE = {
  writeConcern: 'majority',
  readConcern: 'majority',
  readPreference: { mode: 'primary', tags: {} },
} as const;

/**
 * How the collection of messages is sharded: not at all, or by `conversationId`. On a sharded collection MongoDB keeps unique only
 * what begins with the shard key: https://www.mongodb.com/docs/manual/core/sharding-shard-key-indexes/
 */
export const SHARD_KEYS = ['none', 'conversationId'] as const;
export type ShardKey = (typeof SHARD_KEYS)[number];

export interface StoreSettings {
  uri: string;
  database: string;
  collection: string;
  /** How long a write or read may look for a usable server, in milliseconds. */
  serverSelectionMs: number;
  /** How long a server may take for one answer before its connection is closed, in milliseconds; default 20 s. */
  answerMs?: number;
  /**
   * How long a read may stay unanswered before MongoDB counts as away, in milliseconds, even where the caller waits for
   * less; default 1.5 s.
   */
  readPatienceMs?: number;
  appName: string;
  /** Connections are encrypted; PEM files, which the driver reads when it connects first. */
  tls?: { caFile?: string; certKeyFile?: string };
  /** In place of a user in the URI. The password is asked for at each login, so that a rotated one is used. */
  credentials?: { username: string; password: () => string };
  /** The defaults of these three are SAFE_STORE's. The same options in the URI are ignored. */
  writeConcern?: WriteConcern;
  readConcern?: ReadConcern;
  readPreference?: ReadPreference;
  /** Default none. It decides what the unique index of messages begins with. */
  shardKey?: ShardKey;
}
