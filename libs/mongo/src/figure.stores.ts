import type { StoreConnection } from './connection/store.connection.ts';
import type { StoreReads } from './connection/store.reads.ts';
import type { StoreWrites } from './connection/store.writes.ts';
import type { StoreCollections, StoreModels } from './store.collections.ts';
import { BusiestReader } from './stats/busiest.reader.ts';
import { BusiestStore } from './stats/busiest.store.ts';
import { ServersStore } from './stats/servers.store.ts';
import { StoreLook } from './stats/store.look.ts';
import { StoredTotal } from './stats/stored.total.ts';

export interface FigureStoresPorts {
  connection: StoreConnection;
  collections: StoreCollections;
  /** Made when a reader or a writer first needs them: a process has breakers only for what it does. */
  reads: () => StoreReads;
  writes: () => StoreWrites;
  models: Pick<StoreModels, 'message' | 'window' | 'busiest'>;
}

/** What reads and writes figures beside their windows, over the connections of one store. */
export class FigureStores {
  private readonly ports: FigureStoresPorts;

  constructor(ports: FigureStoresPorts) {
    this.ports = ports;
  }

  storedTotal(): StoredTotal {
    const { message, window } = this.ports.models;
    const names = { messages: message.collection.collectionName, windows: window.collection.collectionName };
    return new StoredTotal(this.ports.reads(), names);
  }

  busiestStore(): BusiestStore {
    const { writes, collections } = this.ports;
    return new BusiestStore({ writes: writes(), lists: () => collections.busiest });
  }

  busiestReader(): BusiestReader {
    return new BusiestReader(this.ports.reads(), this.ports.models.busiest.collection.collectionName);
  }

  serversStore(): ServersStore {
    const { reads, writes, collections } = this.ports;
    return new ServersStore({ reads, writes, servers: () => collections.servers });
  }

  storeLook(): StoreLook {
    const { connection, collections } = this.ports;
    return new StoreLook({
      connection,
      collections: () => collections.all,
      deadLetters: () => collections.deadLetters,
    });
  }
}
