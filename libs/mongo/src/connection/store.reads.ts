import type { mongo } from 'mongoose';
import { DeadlineError, withDeadline, type BreakerState } from '@wiber/resilience';
import type { CausalToken } from '@wiber/contracts';
import { CausalReader } from './causal.reader.ts';
import type { CausalTime } from './causal.time.ts';
import { CostlyTurns } from './costly.turns.ts';
import { StoreUnavailableError } from './mongo.errors.ts';
import { READ_BREAKER, StoreBreaker } from './store.breaker.ts';
import type { StoreConnection } from './store.connection.ts';
import type { StoreSettings } from './store.settings.ts';

export interface ReadLimits {
  /** How long the caller waits for the answer, in milliseconds. */
  withinMs: number;
  /** What the client has seen: the answer is not older. */
  seen?: CausalToken | undefined;
}

/** The same limits for a row of reads: each has the time that is left for all of them. */
export const sharedLimits = ({ withinMs, seen }: ReadLimits): ReadLimits => {
  const end = performance.now() + withinMs;
  return {
    seen,
    get withinMs() {
      return Math.max(1, Math.floor(end - performance.now()));
    },
  };
};

export interface ReadsPorts {
  settings: StoreSettings;
  main: StoreConnection;
  costly: StoreConnection;
  time: CausalTime;
  onBreakerChange: ((name: string, state: BreakerState) => void) | undefined;
}

const NAME = 'mongodb-read';

const PATIENCE_MS = 1500;
/** What the network and the driver's queues may add to the time that MongoDB has for a read, in milliseconds. */
const GRACE_MS = 250;

/** The one way of every read for clients: breaker, deadline, read concern, read preference, causal time, pool. */
export class StoreReads {
  readonly breaker: StoreBreaker;
  private readonly ports: ReadsPorts;
  private readonly reader: CausalReader;
  private readonly turns = new CostlyTurns();

  constructor(ports: ReadsPorts) {
    this.ports = ports;
    this.reader = new CausalReader(ports.settings, ports.time);
    this.breaker = new StoreBreaker({
      name: NAME,
      policy: READ_BREAKER,
      probe: () => this.readNothing(),
      onChange: (state) => ports.onBreakerChange?.(NAME, state),
    });
  }

  /** A find or an aggregate on the main pool. @throws StoreUnavailableError, StoreBehindError */
  run(command: mongo.Document, limits: ReadLimits, decode?: mongo.RunCommandOptions): Promise<mongo.Document> {
    return this.ask(this.ports.main, { command, decode, ...limits });
  }

  /** The same for a read whose cost grows with what is stored: on a pool of its own, and a bounded number at once. */
  runCostly(command: mongo.Document, limits: ReadLimits, decode?: mongo.RunCommandOptions): Promise<mongo.Document> {
    return this.turns.run(
      (leftMs) => this.ask(this.ports.costly, { command, decode, ...limits, withinMs: leftMs }),
      limits.withinMs,
    );
  }

  /** Any read that must be the primary's. @throws StoreUnavailableError */
  runOnPrimary<T>(read: () => Promise<T>, withinMs: number): Promise<T> {
    return this.judged(this.ports.main, read, withinMs);
  }

  private ask(
    connection: StoreConnection,
    {
      command,
      decode,
      seen,
      withinMs,
    }: ReadLimits & { command: mongo.Document; decode: mongo.RunCommandOptions | undefined },
  ): Promise<mongo.Document> {
    const read = { command, maxTimeMS: withinMs, seen, ...(decode && { decode }) };
    return this.judged(connection, () => this.reader.read(connection, read), withinMs);
  }

  /**
   * A caller that waits for less than the patience gets its error in time, but only an answer that is still missing after
   * the patience tells the breaker that MongoDB is away.
   */
  private async judged<T>(connection: StoreConnection, read: () => Promise<T>, withinMs: number): Promise<T> {
    const { patienceMs } = this;
    const answer = this.breaker.run(() => connection.run(read, Math.max(withinMs, patienceMs) + GRACE_MS));
    if (withinMs >= patienceMs) return answer;
    try {
      return await withDeadline(answer, withinMs, 'MongoDB');
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new StoreUnavailableError(`${error.message}; try again`, { cause: error });
    }
  }

  private get patienceMs(): number {
    return this.ports.settings.readPatienceMs ?? PATIENCE_MS;
  }

  /** An ordinary read, with the same read preference, that matches nothing. */
  private async readNothing(): Promise<void> {
    const { main, settings } = this.ports;
    const command = { find: settings.collection, filter: { _id: null }, limit: 1, singleBatch: true };
    await main.run(() => this.reader.read(main, { command, maxTimeMS: this.patienceMs, seen: undefined }));
  }
}
