import { mongo } from 'mongoose';
import type { StoreConnection } from './store.connection.ts';
import { SAFE_STORE, type ReadPreference, type StoreSettings } from './store.settings.ts';

export interface PingPorts {
  probe: StoreConnection;
  settings: StoreSettings;
  /** Called when no member that the read preference names answers, once until one does. */
  onNoReader?: ((error: unknown) => void) | undefined;
}

/** Asks MongoDB for an answer, on a connection of its own. */
export class StorePing {
  private readonly ports: PingPorts;
  private hasReader = true;

  constructor(ports: PingPorts) {
    this.ports = ports;
  }

  /**
   * Asks the primary; for a process that reads, also a member that may answer reads.
   * @throws StoreUnavailableError
   */
  async ask({ isReader }: { isReader: boolean }): Promise<void> {
    const { probe, settings } = this.ports;
    await probe.run(() => probe.db.command({ ping: 1 }));
    const { readPreference = SAFE_STORE.readPreference } = settings;
    if (isReader && readPreference.mode !== 'primary') await this.askReader(readPreference);
  }

  private async askReader({ mode, tags }: ReadPreference): Promise<void> {
    const { probe, onNoReader } = this.ports;
    const readPreference = new mongo.ReadPreference(mode, [tags]);
    try {
      await probe.run(() => probe.db.command({ ping: 1 }, { readPreference }));
      this.hasReader = true;
    } catch (error) {
      if (this.hasReader) onNoReader?.(error);
      this.hasReader = false;
      throw error;
    }
  }
}
