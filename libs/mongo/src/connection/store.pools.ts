import mongoose, { type ConnectOptions, type mongo } from 'mongoose';
import { renewedPassword } from './renewed.password.ts';
import { SAFE_STORE, type StoreSettings } from './store.settings.ts';

/** A server that is stopped but still connected never answers; past this it counts as away. Above wtimeoutMS. */
export const ANSWER_MS = 20_000;

/**
 * For what takes as long as the collection is large, as the build of an index: no time-out of a socket ends the wait for it. A server that
 * hangs ends it all the same: the driver's monitor notices, and closes the connections.
 */
export const UNBOUNDED: object = { socketTimeoutMS: 0 };

/**
 * The connection pools of one process, each a MongoDB client of its own, so that none can starve another: `main` for pages
 * and writes, `costly` for counts and deep skips, `probe` for readiness. Values: connections to one server.
 */
export const POOLS = { main: 20, costly: 4, probe: 1 } as const;
export type Pool = keyof typeof POOLS;
export const POOL_NAMES = Object.keys(POOLS) as Pool[];

/** What a client of one pool is opened with. These win over the same options in the URI. */
export const connectOptionsOf = (settings: StoreSettings, pool: Pool): ConnectOptions => {
  const { writeConcern = SAFE_STORE.writeConcern, answerMs = ANSWER_MS } = settings;
  return {
    dbName: settings.database,
    appName: settings.appName,
    ...securityOf(settings),
    serverSelectionTimeoutMS: settings.serverSelectionMs,
    // Overrides the URI: offsets are committed on the strength of these reads.
    readPreference: 'primary',
    readConcernLevel: 'local',
    // Set here too: a `journal` in the URI would win over writeConcern.
    journal: true,
    // The type lacks the names of getLastErrorModes, which the driver takes.
    writeConcern: { w: writeConcern as mongo.W, journal: true, wtimeoutMS: 10_000 },
    socketTimeoutMS: answerMs,
    // For handshakes and monitors: a mute connection is replaced after this time.
    connectTimeoutMS: answerMs,
    maxPoolSize: POOLS[pool],
    // Without a bound: each call has its deadline, and a short bound in the URI would end the wait for the first connection.
    waitQueueTimeoutMS: 0,
    // A minimum in the URI is meant for the main pool; a pool that is smaller could not be made.
    ...(pool === 'main' ? {} : { minPoolSize: 0 }),
    retryWrites: true,
    // Collections and indexes are made by Store.open, which can report what went wrong.
    autoCreate: false,
    autoIndex: false,
  };
};

/** The driver would look for a user in `dbName` unless it is told where, so a user of the settings is one of `admin`. */
const securityOf = ({ uri, tls, credentials }: StoreSettings): ConnectOptions => ({
  ...(tls ? { tls: true } : {}),
  ...(tls?.caFile === undefined ? {} : { tlsCAFile: tls.caFile }),
  ...(tls?.certKeyFile === undefined ? {} : { tlsCertificateKeyFile: tls.certKeyFile }),
  ...(credentials ? { auth: loginOf(credentials) } : {}),
  ...(credentials && !/[?&]authSource=/i.test(uri) ? { authSource: 'admin' } : {}),
});

const loginOf = ({ username, password }: NonNullable<StoreSettings['credentials']>) => {
  return { username, password: renewedPassword(username, password) };
};

/** A mongoose connection that tries once at once. Store.open waits for it and tries again. */
export const connect = (settings: StoreSettings, pool: Pool): mongoose.Connection =>
  withoutRejection(mongoose.createConnection(settings.uri, connectOptionsOf(settings, pool)));

/** The first attempt's failure is reported by Store.open; until then it must not count as an unhandled rejection. */
export const withoutRejection = (connection: mongoose.Connection): mongoose.Connection => {
  connection.asPromise().catch(() => undefined);
  return connection;
};
