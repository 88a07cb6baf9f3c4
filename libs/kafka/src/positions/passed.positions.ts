import type { LogPosition } from '@wiber/contracts';
import { delay } from '@wiber/resilience';
import { WaitingCallers, type WaitBounds, type Waiter } from './waiting.callers.ts';

const AFTER_FAILURE_MS = 100;
/** How long a caller that asks once waits for the answer, in milliseconds. */
const LOOK_MS = 1000;

/** Reads the offset after the last handled record, by partition. A partition without a commit is absent. */
export type ReadCommitted = () => Promise<ReadonlyMap<number, number>>;

/** Calls back once when the caller goes away. Returns a function that ends the watch. */
export type WhenGone = (gone: () => void) => () => void;

export interface WaitOptions {
  /** How long to wait, in milliseconds; 0 asks Kafka once. */
  ms: number;
  /** Ends the wait of a caller that is no longer there. */
  whenGone?: WhenGone | undefined;
}

/**
 * passed: ingest's group has committed an offset behind the record, so ingest has handled the record. It need not be
 * stored: it may be a dead letter. pending: not passed in time. busy: too many callers wait already.
 */
export type WaitResult = 'passed' | 'pending' | 'busy';

export interface ReadPolicy {
  type: 'reads';
  /** The pause between two reads, in milliseconds. */
  everyMs: number;
  /** After so many reads in a row that changed nothing and served nobody new, ... */
  quietReads: number;
  /** ... the pause is this, in milliseconds. A new caller ends it. */
  quietMs: number;
}

export const DEFAULT_READ_POLICY: ReadPolicy = { type: 'reads', everyMs: 4, quietReads: 50, quietMs: 48 };
const DEFAULT_WAITS_MAX = 10_000;
/** One partition may have this share of all waits. */
const SHARE_OF_ONE = 4;

export const waitBoundsOf = (all: number): WaitBounds => ({ all, ofOnePartition: Math.ceil(all / SHARE_OF_ONE) });

export interface PassedPositionsOptions {
  read: ReadCommitted;
  policy?: ReadPolicy;
  bounds?: WaitBounds;
}

/**
 * Waits until ingest has handled a position. Ingest's group commits its offsets after each write, so the committed
 * offsets tell how far it has come. They are read only while a caller waits. One read at a time serves all callers, so
 * the coordinator gets at most one request each `everyMs`, however many wait.
 *
 * An offset is never remembered from one read to the next: when a topic is deleted, Kafka forgets its committed offsets,
 * and a remembered one would tell that records of the new topic are handled.
 */
export class PassedPositions {
  private readonly read: ReadCommitted;
  private readonly policy: ReadPolicy;
  private readonly callers: WaitingCallers;
  private isReading = false;
  private isClosed = false;

  constructor({
    read,
    policy = DEFAULT_READ_POLICY,
    bounds = waitBoundsOf(DEFAULT_WAITS_MAX),
  }: PassedPositionsOptions) {
    this.read = read;
    this.policy = policy;
    this.callers = new WaitingCallers(bounds);
  }

  /** How many callers wait. */
  get waiting(): number {
    return this.callers.size;
  }

  waitFor(position: LogPosition, { ms, whenGone }: WaitOptions): Promise<WaitResult> {
    // The broker acknowledged the record without its offset.
    if (position.offset < 0) return Promise.resolve('pending');
    if (this.isClosed || !this.callers.hasRoomFor(position)) return Promise.resolve('busy');
    return new Promise((resolve) => {
      const watch: { end?: (() => void) | undefined } = {};
      const settle = (isPassed: boolean) => {
        clearTimeout(timer);
        watch.end?.();
        this.callers.remove(waiter);
        resolve(isPassed ? 'passed' : 'pending');
      };
      // Each waiter has a timer: Kafka may answer only after the waiter's time is over.
      const timer = setTimeout(() => settle(false), ms === 0 ? LOOK_MS : ms);
      const waiter: Waiter = { ...position, slot: -1, isOnce: ms === 0, settle };
      this.callers.add(waiter);
      watch.end = whenGone?.(() => settle(false));
      if (!this.isReading) void this.readWhileWaiting();
    });
  }

  /** Ends every wait, and takes no more. */
  close(): void {
    this.isClosed = true;
    this.callers.end();
  }

  private async readWhileWaiting(): Promise<void> {
    this.isReading = true;
    // Callers that come together share the first read.
    await Promise.resolve();
    let last: ReadonlyMap<number, number> | undefined;
    let quiet = 0;
    while (this.callers.size > 0) {
      const isForNew = this.callers.hasJoined;
      this.callers.admit();
      const committed = await this.read().catch(() => undefined);
      if (committed) {
        this.callers.settle(committed);
        quiet = isForNew || !isSame(last, committed) ? 0 : quiet + 1;
        last = committed;
        await this.pause(quiet < this.policy.quietReads ? this.policy.everyMs : this.policy.quietMs);
      } else if (this.callers.size > 0) {
        // Readiness reports that Kafka is away. Here a caller's time runs out.
        await delay(AFTER_FAILURE_MS);
      }
    }
    this.isReading = false;
  }

  /** In steps of `everyMs`: a new caller ends a long pause. */
  private async pause(ms: number): Promise<void> {
    const { everyMs } = this.policy;
    for (let left = ms; left > 0 && this.callers.size > 0; left -= everyMs) {
      await delay(Math.min(left, everyMs));
      if (this.callers.hasJoined) return;
    }
  }
}

const isSame = (one: ReadonlyMap<number, number> | undefined, other: ReadonlyMap<number, number>): boolean => {
  if (one?.size !== other.size) return false;
  for (const [partition, offset] of other) if (one.get(partition) !== offset) return false;
  return true;
};
