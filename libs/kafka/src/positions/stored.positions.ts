import type { LogPosition } from '@wiber/contracts';

/** Next offset to be stored, by partition. */
export type ReadCommitted = () => Promise<Map<number, number>>;

interface Waiter extends LogPosition {
  settle: (stored: boolean) => void;
}

/**
 * How far ingest has stored, read from the offsets that its group commits after each write. One question serves every
 * waiter and is asked only while somebody waits.
 */
export class StoredPositions {
  private readonly read: ReadCommitted;
  private readonly everyMs: number;
  private committed = new Map<number, number>();
  private waiters: Waiter[] = [];
  private asking = false;

  constructor(read: ReadCommitted, everyMs = 4) {
    this.read = read;
    this.everyMs = everyMs;
  }

  /** Resolves to whether the record at `position` was dealt with by ingest within `ms` milliseconds. */
  waitFor(position: LogPosition, ms: number): Promise<boolean> {
    if (position.offset < 0) return Promise.resolve(false);
    if (this.isStored(position)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (stored: boolean) => {
        clearTimeout(timer);
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve(stored);
      };
      // A timer of its own: Kafka may take longer to answer than a waiter has.
      const timer = setTimeout(() => settle(false), ms);
      const waiter: Waiter = { ...position, settle };
      this.waiters.push(waiter);
      if (!this.asking) void this.ask();
    });
  }

  private isStored({ partition, offset }: LogPosition): boolean {
    return (this.committed.get(partition) ?? 0) > offset;
  }

  private async ask(): Promise<void> {
    this.asking = true;
    while (this.waiters.length > 0) {
      let pauseMs = this.everyMs;
      try {
        this.committed = await this.read();
      } catch {
        // Readiness reports Kafka's state; a waiter only learns of it by its time running out.
        pauseMs = 100;
      }
      for (const waiter of this.waiters.filter((one) => this.isStored(one))) waiter.settle(true);
      if (this.waiters.length > 0) await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    }
    this.asking = false;
  }
}
