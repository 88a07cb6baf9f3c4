import type { LogPosition } from '@wiber/contracts';
import { delay } from '@wiber/resilience';

const AFTER_FAILURE_MS = 100;

/** Reads the offset after the last stored record, by partition. */
export type ReadCommitted = () => Promise<Map<number, number>>;

interface Waiter extends LogPosition {
  settle: (stored: boolean) => void;
}

/**
 * Waits until ingest has stored a position. Ingest's group commits its offsets after each write, so the committed
 * offsets tell how far it has stored. They are read only while a caller waits, and one read serves all waiting callers.
 */
export class StoredPositions {
  private readonly read: ReadCommitted;
  private readonly everyMs: number;
  private committed = new Map<number, number>();
  private waiters: Waiter[] = [];
  private isReading = false;

  constructor(read: ReadCommitted, everyMs = 4) {
    this.read = read;
    this.everyMs = everyMs;
  }

  /** Resolves to true when ingest has stored or rejected the record, to false after `ms` milliseconds. */
  waitFor(position: LogPosition, ms: number): Promise<boolean> {
    if (position.offset < 0) return Promise.resolve(false);
    if (this.isStored(position)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (stored: boolean) => {
        clearTimeout(timer);
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve(stored);
      };
      // Each waiter has a timer: Kafka may answer only after the waiter's time is over.
      const timer = setTimeout(() => settle(false), ms);
      const waiter: Waiter = { ...position, settle };
      this.waiters.push(waiter);
      if (!this.isReading) void this.readWhileWaiting();
    });
  }

  private isStored({ partition, offset }: LogPosition): boolean {
    return (this.committed.get(partition) ?? 0) > offset;
  }

  private async readWhileWaiting(): Promise<void> {
    this.isReading = true;
    while (this.waiters.length > 0) {
      let pauseMs = this.everyMs;
      try {
        this.committed = await this.read();
      } catch {
        // Readiness reports that Kafka is away. Here a caller's time runs out.
        pauseMs = AFTER_FAILURE_MS;
      }
      for (const waiter of this.waiters.filter((waiter) => this.isStored(waiter))) waiter.settle(true);
      if (this.waiters.length > 0) await delay(pauseMs);
    }
    this.isReading = false;
  }
}
