import type { MemberLook } from '@wiber/contracts';
import type { StoreConnection } from '../connection/store.connection.ts';

/** What the driver knows of a server, by its own monitoring (the SDAM specification of MongoDB's drivers). */
export interface WatchedServer {
  type: string;
  hosts: readonly string[];
  passives: readonly string[];
  arbiters: readonly string[];
  /** Milliseconds; -1 before the first answer. */
  roundTripTime: number;
  setVersion: number | null;
}

/** https://github.com/mongodb/specifications/blob/master/source/server-discovery-and-monitoring/server-discovery-and-monitoring.md */
export interface WatchedTopology {
  type: string;
  servers: ReadonlyMap<string, WatchedServer>;
}

/** Thrown where there is no replica set to watch. */
export class NoReplicaSetError extends Error {
  override readonly name = 'NoReplicaSetError';
}

const STATES: Readonly<Record<string, MemberLook['state']>> = {
  RSPrimary: 'primary',
  RSSecondary: 'secondary',
  RSArbiter: 'arbiter',
  Unknown: 'gone',
};

/** The members of the replica set as the driver's monitors see them all the time: a look costs no call. */
export class MemberWatch {
  private readonly topology: () => WatchedTopology | undefined;
  /** Their addresses in the order of the last known configuration: while no member answers, the driver has none. */
  private order: readonly string[] = [];

  constructor(topology: () => WatchedTopology | undefined) {
    this.topology = topology;
  }

  /** @throws NoReplicaSetError for a sharded cluster, StoreUnavailableError before the first connection */
  look(): MemberLook[] {
    const { type, servers } = this.topology() ?? { type: 'Unknown', servers: new Map<string, WatchedServer>() };
    if (type === 'Sharded')
      throw new NoReplicaSetError('MongoDB is sharded, and a mongos does not show the members of its shards');
    if (type === 'Single') throw new NoReplicaSetError('MONGO_URI names one server alone (directConnection)');
    this.order = orderOf(servers.values()) ?? this.order;
    const known = this.order.length > 0 ? this.order : [...servers.keys()];
    return known.map((address, index) => lookOf(index + 1, servers.get(address)));
  }
}

/** Of the newest configuration that a server has told. */
const orderOf = (servers: Iterable<WatchedServer>): readonly string[] | undefined => {
  let newest: WatchedServer | undefined;
  for (const server of servers)
    if (server.hosts.length > 0 && (server.setVersion ?? 0) >= (newest?.setVersion ?? 0)) newest = server;
  return newest && [...newest.hosts, ...newest.passives, ...newest.arbiters];
};

const lookOf = (member: number, server: WatchedServer | undefined): MemberLook => {
  const state = STATES[server?.type ?? 'Unknown'] ?? 'other';
  const isTimed = server !== undefined && state !== 'gone' && server.roundTripTime >= 0;
  return { member, state, ...(isTimed ? { roundTripMs: Math.round(server.roundTripTime * 10) / 10 } : {}) };
};

/** @throws StoreUnavailableError before the first connection */
export const memberWatchOf = (connection: StoreConnection): MemberWatch =>
  new MemberWatch(
    () => (connection.client as unknown as { topology?: { description: WatchedTopology } }).topology?.description,
  );
