import type { mongo } from 'mongoose';
import { DeadlineError, withDeadline, type BreakerState } from '@wiber/resilience';
import type { CausalToken } from '@wiber/contracts';
import { CausalReader, type ReadCommand } from './causal.reader.ts';
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

/** A costly read may keep MongoDB busy past its time. Such a MongoDB is not away, so the breaker waits longer. */
const COSTLY_PATIENCE_MS = 5000;

interface Wait {
  waitMs: number;
  patienceMs: number;
}

const commandOf = (
  command: mongo.Document,
  { withinMs, seen }: ReadLimits,
  decode: mongo.RunCommandOptions | undefined,
): ReadCommand => ({ command, maxTimeMS: withinMs, seen, ...(decode && { decode }) });

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
    const { main } = this.ports;
    const read = commandOf(command, limits, decode);
    return this.judged(main, () => this.reader.read(main, read), this.waitFor(limits.withinMs));
  }

  /** The same for a read whose cost grows with what is stored: on a pool of its own, and a bounded number at once. */
  runCostly(command: mongo.Document, limits: ReadLimits, decode?: mongo.RunCommandOptions): Promise<mongo.Document> {
    const { costly } = this.ports;
    return this.turns.run((leftMs) => {
      const read = commandOf(command, { withinMs: leftMs, seen: limits.seen }, decode);
      const wait = { waitMs: leftMs + GRACE_MS, patienceMs: leftMs + GRACE_MS + COSTLY_PATIENCE_MS };
      return this.judged(costly, () => this.reader.read(costly, read), wait);
    }, limits.withinMs);
  }

  /** Any read that must be the primary's. @throws StoreUnavailableError */
  runOnPrimary<T>(read: () => Promise<T>, withinMs: number): Promise<T> {
    return this.judged(this.ports.main, read, this.waitFor(withinMs));
  }

  /**
   * The caller gets its error after `waitMs`. Only an answer that is still missing after `patienceMs` tells the breaker that
   * MongoDB is away.
   */
  private async judged<T>(
    connection: StoreConnection,
    read: () => Promise<T>,
    { waitMs, patienceMs }: Wait,
  ): Promise<T> {
    const answer = this.breaker.run(() => connection.run(read, patienceMs));
    if (waitMs >= patienceMs) return answer;
    try {
      return await withDeadline(answer, waitMs, 'MongoDB');
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new StoreUnavailableError(`${error.message}; try again`, { cause: error });
    }
  }

  private waitFor(withinMs: number): Wait {
    const { patienceMs } = this;
    if (withinMs < patienceMs) return { waitMs: withinMs, patienceMs: patienceMs + GRACE_MS };
    return { waitMs: withinMs + GRACE_MS, patienceMs: withinMs + GRACE_MS };
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
