import type { mongo } from 'mongoose';
import { DeadlineError, type BreakerState } from '@wiber/resilience';
import type { CausalToken } from '@wiber/contracts';
import { withAnswerDeadline } from './answer.deadline.ts';
import { CausalReader, type ReadCommand, type ReadSource } from './causal.reader.ts';
import type { CausalTime } from './causal.time.ts';
import { CostlyTurns } from './costly.turns.ts';
import { StoreUnavailableError } from './mongo.errors.ts';
import { ReadTurns } from './read.turns.ts';
import { READ_BREAKER, StoreBreaker } from './store.breaker.ts';
import { withSpareIndex } from './spare.index.ts';
import type { StoreConnection } from './store.connection.ts';
import { POOLS } from './store.pools.ts';
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

/** How long the caller waits from when it comes, and MongoDB from when a connection is free for the read, in milliseconds. */
interface Wait {
  waitMs: number;
  patienceMs: number;
}

interface ReadOptions {
  source?: ReadSource;
  decode?: mongo.RunCommandOptions | undefined;
}

const commandOf = (
  command: mongo.Document,
  { withinMs, seen }: ReadLimits,
  { source = 'settings', decode }: ReadOptions,
): ReadCommand => ({ command, maxTimeMS: withinMs, seen, source, ...(decode && { decode }) });

/** The one way of every read for clients: breaker, deadline, read concern, read preference, causal time, pool. */
export class StoreReads {
  readonly breaker: StoreBreaker;
  private readonly ports: ReadsPorts;
  private readonly reader: CausalReader;
  /**
   * As many reads as the main pool has connections. The requests in hand bound those that wait, and each waits for its own
   * time only.
   */
  private readonly turns = new ReadTurns({
    type: 'turns',
    atOnce: POOLS.main,
    waitingMax: Infinity,
    newError: () => new StoreUnavailableError('the reads before this one took all of its time; try again'),
  });
  private readonly costlyTurns = new CostlyTurns();

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
    return this.onMain(command, limits, { decode });
  }

  /** As `run`, of the newest state that no failover takes back, whatever the settings say. */
  runNewest(command: mongo.Document, limits: ReadLimits, decode?: mongo.RunCommandOptions): Promise<mongo.Document> {
    return this.onMain(command, limits, { source: 'newest', decode });
  }

  /** The same for a read whose cost grows with what is stored: on a pool of its own, and a bounded number at once. */
  runCostly(command: mongo.Document, limits: ReadLimits, decode?: mongo.RunCommandOptions): Promise<mongo.Document> {
    const { costly } = this.ports;
    return this.costlyTurns.run((leftMs) => {
      const read = commandOf(command, { withinMs: leftMs, seen: limits.seen }, { decode });
      const patienceMs = leftMs + GRACE_MS + COSTLY_PATIENCE_MS;
      return inTime(
        this.judged(costly, () => this.read(costly, read), patienceMs),
        leftMs + GRACE_MS,
      );
    }, limits.withinMs);
  }

  private onMain(command: mongo.Document, limits: ReadLimits, options: ReadOptions): Promise<mongo.Document> {
    const { main } = this.ports;
    const { withinMs, seen } = limits;
    const read = (leftMs: number) => this.read(main, commandOf(command, { withinMs: leftMs, seen }, options));
    return this.inTurn(read, withinMs);
  }

  private read(connection: StoreConnection, read: ReadCommand): Promise<mongo.Document> {
    return withSpareIndex(read.command['hint'] as unknown, (hint) =>
      this.reader.read(
        connection,
        hint === read.command['hint'] ? read : { ...read, command: { ...read.command, hint } },
      ),
    );
  }

  /** Any read that must be the primary's. @throws StoreUnavailableError */
  runOnPrimary<T>(read: () => Promise<T>, withinMs: number): Promise<T> {
    return this.inTurn(read, withinMs);
  }

  /** The turn lasts until MongoDB has answered or is given up, also when the caller waits no longer. */
  private async inTurn<T>(read: (leftMs: number) => Promise<T>, withinMs: number): Promise<T> {
    const { waitMs, patienceMs } = this.waitFor(withinMs);
    const isWaiting = this.turns.isFull;
    const answer = this.turns.run((leftMs) => this.judged(this.ports.main, () => read(leftMs), patienceMs), withinMs);
    return isWaiting || waitMs < patienceMs ? inTime(answer, waitMs) : answer;
  }

  /** Only an answer that is still missing after `patienceMs` tells the breaker that MongoDB is away. */
  private judged<T>(connection: StoreConnection, read: () => Promise<T>, patienceMs: number): Promise<T> {
    return this.breaker.run(() => connection.run(read, patienceMs));
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
    await main.run(() =>
      this.reader.read(main, { command, maxTimeMS: this.patienceMs, seen: undefined, source: 'settings' }),
    );
  }
}

/** The caller gets its error after `waitMs`. */
const inTime = async <T>(answer: Promise<T>, waitMs: number): Promise<T> => {
  try {
    return await withAnswerDeadline(answer, waitMs);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw new StoreUnavailableError(`${error.message}; try again`, { cause: error });
  }
};
