import { join } from 'node:path';

export interface MongoNode {
  id: string;
  /** The port that clients and other members use. With `--links` it is a port of a proxy. */
  port: number;
  /** Where the mongod itself listens. */
  ownHost: string;
  ownPort: number;
  folder: string;
  /** The data folder is on a disk that a program may fill (`--small-disks`). */
  smallDisk?: boolean;
}

/**
 * When WiredTiger moves pages from its cache to disk. Each share is a percentage of the cache.
 * Source: https://source.wiredtiger.com/develop/tune_cache.html
 */
export interface Eviction {
  threadsMin: number;
  threadsMax: number;
  /** Eviction threads keep the share of changed pages below the target. At the trigger, writers must evict too. */
  dirtyTarget: number;
  dirtyTrigger: number;
  /** The same two limits for changes that are not yet written into their page. */
  updatesTarget: number;
  updatesTrigger: number;
}

export interface MongodOptions {
  cacheGb: number;
  oplogMb: number;
  /** Undefined: the defaults of WiredTiger. */
  eviction: Eviction | undefined;
}

/**
 * Each inserted message changes a page of three indexes, at places that have nothing to do with the last insert. With the
 * defaults of WiredTiger (5 and 20 % dirty) such a page is written after few changes; with these limits many changes of
 * one page share a write, and checkpoints still write everything each minute (docs/decisions/0012).
 */
const EVICTION: Eviction = {
  threadsMin: 4,
  threadsMax: 8,
  dirtyTarget: 40,
  dirtyTrigger: 75,
  updatesTarget: 30,
  updatesTrigger: 60,
};

export const MONGOD_OPTIONS: MongodOptions = { cacheGb: 1, oplogMb: 512, eviction: EVICTION };

export const REPLICA_SET = 'wiber';

/** The settings of `eviction` in the form of --wiredTigerEngineConfigString. */
export const engineConfig = (eviction: Eviction): string =>
  [
    `eviction=(threads_min=${eviction.threadsMin},threads_max=${eviction.threadsMax})`,
    `eviction_dirty_target=${eviction.dirtyTarget}`,
    `eviction_dirty_trigger=${eviction.dirtyTrigger}`,
    `eviction_updates_target=${eviction.updatesTarget}`,
    `eviction_updates_trigger=${eviction.updatesTrigger}`,
  ].join(',');

/** The arguments of one mongod, which is a member of the replica set. */
export const mongodArgs = (node: MongoNode, { cacheGb, oplogMb, eviction }: MongodOptions): string[] => [
  ...['--replSet', REPLICA_SET],
  ...['--port', String(node.ownPort)],
  ...['--bind_ip', node.ownHost],
  ...['--dbpath', join(node.folder, 'data')],
  ...['--wiredTigerCacheSizeGB', String(cacheGb)],
  ...(eviction ? ['--wiredTigerEngineConfigString', engineConfig(eviction)] : []),
  ...['--oplogSize', String(oplogMb)],
  // A mongod notices a full disk at a checkpoint, so checkpoints come every 5 s instead of every 60 s.
  ...(node.smallDisk ? ['--syncdelay', '5'] : []),
  '--nounixsocket',
  // By default a member serves its clients for 15 s after SIGTERM, so that routers find another one. Here all members end
  // together.
  ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=500'],
];
