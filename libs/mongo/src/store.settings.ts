/** What MongoDB takes for `w`: how many members, `majority`, or a name of the replica set's getLastErrorModes. */
export type WriteConcern = number | string;

/**
 * Only these two: `linearizable` can't be joined with a time to read after, and that time already bars a primary which
 * was replaced unawares; `available` and `snapshot` are for sharded and for long reads.
 */
export const READ_CONCERNS = ['majority', 'local'] as const;
export type ReadConcern = (typeof READ_CONCERNS)[number];

export const READ_MODES = ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'] as const;
export type ReadMode = (typeof READ_MODES)[number];

export interface ReadPreference {
  mode: ReadMode;
  /** Only members with all of these tags; none: any member. */
  tags: Readonly<Record<string, string>>;
}

/** What holds where nothing is set: nothing that was written or read is ever taken back. */
export const SAFE_STORE = {
  writeConcern: 'majority',
  readConcern: 'majority',
  readPreference: { mode: 'primary', tags: {} },
} as const;

export interface StoreSettings {
  uri: string;
  database: string;
  collection: string;
  /** How long a write or read may look for a usable server, in milliseconds. */
  serverSelectionMs: number;
  /** How long a server may take for one answer before its connection is given up, in milliseconds; default 20 s. */
  answerMs?: number;
  appName: string;
  /** These three are SAFE_STORE's where they are not given. Those that the URI names do not count. */
  writeConcern?: WriteConcern;
  readConcern?: ReadConcern;
  readPreference?: ReadPreference;
}
