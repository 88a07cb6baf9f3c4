import type { mongo } from 'mongoose';
import type { BreakerState } from '@wiber/resilience';
import { StoreBreaker, WRITE_BREAKER } from './store.breaker.ts';
import type { StoreConnection } from './store.connection.ts';

export interface WritesPorts {
  main: StoreConnection;
  onBreakerChange: ((name: string, state: BreakerState) => void) | undefined;
}

const NAME = 'mongodb-write';

/** The one way of every write: breaker, deadline, and an end of the connection when the deadline passes. */
export class StoreWrites {
  readonly breaker: StoreBreaker;
  private readonly main: StoreConnection;

  constructor({ main, onBreakerChange }: WritesPorts) {
    this.main = main;
    this.breaker = new StoreBreaker({
      name: NAME,
      policy: WRITE_BREAKER,
      probe: () => main.run(() => main.db.command({ ping: 1 })),
      onChange: (state) => onBreakerChange?.(NAME, state),
    });
  }

  /**
   * @param work gets the options that every write command of it must have
   * @param withinMs how long the caller waits, in milliseconds; default: until the driver gives up
   * @throws StoreUnavailableError when it may not be written
   */
  run<T>(work: (options: mongo.BulkWriteOptions) => Promise<T>, withinMs?: number): Promise<T> {
    return this.breaker.run(() => this.main.run((signal) => work(abortableBy(signal)), withinMs));
  }

  /** As `run`, in a session, whose operationTime tells when everything was written. */
  runInSession<T>(
    work: (options: mongo.BulkWriteOptions & { session: mongo.ClientSession }) => Promise<T>,
  ): Promise<T> {
    return this.run((options) => this.main.client.withSession((session) => work({ ...options, session })));
  }
}

/**
 * Options of a write that ends, together with its connection, when the signal is aborted. mongodb 7.8.0 names `signal` in
 * the types of reads only, and obeys it for every command (Connection.writeCommand). Reads are small and do without it.
 */
const abortableBy = (signal: AbortSignal): mongo.BulkWriteOptions => ({ signal }) as mongo.BulkWriteOptions;
