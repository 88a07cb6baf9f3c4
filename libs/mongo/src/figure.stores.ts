import { StoreClocks } from './clocks/store.clocks.ts';
import type { StoreConnection } from './connection/store.connection.ts';
import type { StoreReads } from './connection/store.reads.ts';
import type { StoreWrites } from './connection/store.writes.ts';
import { PulseStore } from './pulses/pulse.store.ts';
import type { StoreCollections } from './store.collections.ts';
import type { StoreModels } from './store.models.ts';
import { BusiestReader } from './stats/busiest.reader.ts';
import { BusiestStore } from './stats/busiest.store.ts';
import { FigureRows } from './stats/figure.rows.ts';
import { ClocksStore, ServersStore } from './stats/look.store.ts';
import { StatsReader } from './stats/stats.reader.ts';
import { StatsWriter } from './stats/stats.writer.ts';
import { StoreLook } from './stats/store.look.ts';
import { StoredHistory } from './stats/stored.history.ts';
import { StoredTimes } from './stats/stored.times.ts';
import { StoredTotal } from './stats/stored.total.ts';

export interface FigureStoresPorts {
  connection: StoreConnection;
  collections: StoreCollections;
  /** Made when a reader or a writer first needs them: a process has breakers only for what it does. */
  reads: () => StoreReads;
  writes: () => StoreWrites;
  models: Pick<StoreModels, 'message' | 'window' | 'progress' | 'busiest'>;
}

/** What reads and writes figures, over the connections of one store. */
export class FigureStores {
  private readonly ports: FigureStoresPorts;
  /** One for all readers: they share the time of the process. */
  private rows: FigureRows | undefined;

  constructor(ports: FigureStoresPorts) {
    this.ports = ports;
  }

  statsReader(): StatsReader {
    const { window, progress } = this.ports.models;
    const names = { windows: window.collection.collectionName, progress: progress.collection.collectionName };
    return new StatsReader(this.ports.reads(), names, this.sharedRows());
  }

  statsWriter(): StatsWriter {
    const { writes, collections } = this.ports;
    return new StatsWriter({
      writes: writes(),
      windows: () => collections.windows,
      progress: () => collections.progress,
    });
  }

  storedTimes(): StoredTimes {
    return new StoredTimes(this.ports.reads(), this.ports.models.message.collection.collectionName);
  }

  storedTotal(): StoredTotal {
    const { message, window } = this.ports.models;
    const names = { messages: message.collection.collectionName, windows: window.collection.collectionName };
    return new StoredTotal(this.ports.reads(), names);
  }

  storedHistory(options?: { piece?: number }): StoredHistory {
    const { reads, writes, collections, models } = this.ports;
    const messages = models.message.collection.collectionName;
    return new StoredHistory(
      { reads: reads(), writes: writes(), windows: () => collections.windows, messages },
      options,
    );
  }

  busiestStore(): BusiestStore {
    const { writes, collections } = this.ports;
    return new BusiestStore({ writes: writes(), lists: () => collections.busiest });
  }

  busiestReader(): BusiestReader {
    return new BusiestReader(this.sharedRows(), this.ports.models.busiest.collection.collectionName);
  }

  serversStore(): ServersStore {
    const { reads, writes, collections } = this.ports;
    return new ServersStore({ reads, writes, servers: () => collections.servers });
  }

  clocksStore(): ClocksStore {
    const { reads, writes, collections } = this.ports;
    return new ClocksStore({ reads, writes, servers: () => collections.servers });
  }

  storeClocks(): StoreClocks {
    const { connection, collections } = this.ports;
    return new StoreClocks({ connection, reports: () => collections.clocks });
  }

  pulseStore(): PulseStore {
    const { connection, collections } = this.ports;
    return new PulseStore({ connection, pulses: () => collections.pulses });
  }

  storeLook(): StoreLook {
    const { connection, collections } = this.ports;
    return new StoreLook({
      connection,
      collections: () => collections.all,
      deadLetters: () => collections.deadLetters,
    });
  }

  private sharedRows(): FigureRows {
    return (this.rows ??= new FigureRows(this.ports.reads()));
  }
}
