import type { MonotonicClock } from '@wiber/resilience';

/** The shortest time between two looks, in milliseconds. */
const LOOK_MS = 5000;
const RETRY_MS = 10_000;

export interface MenderPorts {
  /** The names of the indexes that a collection which exists lacks. */
  missing: () => Promise<string[]>;
  /** Makes collections and indexes that are missing. It takes as long as the collections are large. */
  make: () => Promise<void>;
  onLost: (indexes: string[]) => void;
  /** Called when they can't be looked at or made again. They are tried again at a later look. */
  onFailed: (error: unknown) => void;
  now: MonotonicClock;
}

/**
 * Makes indexes again that somebody dropped under a running process. Without them reads are refused, and a message could
 * be stored twice.
 */
export class IndexMender {
  private readonly ports: MenderPorts;
  private isLooking = false;
  private nextAt = -Infinity;
  private isEnded = false;

  constructor(ports: MenderPorts) {
    this.ports = ports;
  }

  /** Looks in the background, one look at a time and at most one each 5 s. */
  look(): void {
    if (this.isEnded || this.isLooking || this.ports.now() < this.nextAt) return;
    this.isLooking = true;
    void this.mend();
  }

  /** A later look does nothing, and what one that is under way meets is not reported. */
  end(): void {
    this.isEnded = true;
  }

  private async mend(): Promise<void> {
    const { missing, make, onLost, onFailed, now } = this.ports;
    let pauseMs = LOOK_MS;
    try {
      const lost = await missing();
      if (lost.length > 0) {
        onLost(lost);
        await make();
      }
    } catch (error) {
      pauseMs = RETRY_MS;
      if (!this.isEnded) onFailed(error);
    }
    this.nextAt = now() + pauseMs;
    this.isLooking = false;
  }
}
