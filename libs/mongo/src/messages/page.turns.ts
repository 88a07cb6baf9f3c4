import { Budget, delay, monotonicNow, type BudgetPolicy, type MonotonicClock } from '@wiber/resilience';
import { BusyHourFound } from '../activity/busy.hour.ts';
import { readsOverloaded, type ReadsOverloadedError } from '../connection/mongo.errors.ts';
import { ReadTurns } from '../connection/read.turns.ts';
import { POOLS } from '../connection/store.pools.ts';
import { PageSizes } from './page.sizes.ts';

/** The default of the API. A page of more messages may have 11 MB; one of so many about 1 MB. */
export const LIGHT_MAX = 50;
/** A page that may have more bytes than this is heavy, by the size that messages of the same conversation or user had. */
export const LIGHT_BYTES = 256 * 1024;
/** How long the page of a user with a busy hour may take, in milliseconds. As a count. */
const BUSY_MS = 5000;

export interface PagePolicy {
  type: 'pages';
  atOnce: number;
  waitingMax: number;
  budget: BudgetPolicy;
  newError: () => ReadsOverloadedError;
}

const tooManyLarge = () =>
  readsOverloaded(`too many large pages are read; try again in 1 s, or ask for fewer messages`);
const tooManyBusy = () =>
  readsOverloaded(
    'pages of users with many conversations in one hour are being read; try again in 1 s, or read their conversations',
  );

/**
 * A page is read, turned into JSON and written by the one thread that also takes messages: about 10 ms for each MB. So
 * pages of the largest messages may take about half of its time, and pages of short ones are not slowed. Light pages and
 * heavy ones wait apart, so that nobody's large pages keep small ones waiting.
 */
const LIGHT: PagePolicy = {
  type: 'pages',
  atOnce: POOLS.main,
  waitingMax: 2000,
  budget: { type: 'bytes', perMs: 40_000, burst: 2_000_000 },
  newError: tooManyLarge,
};
const HEAVY: PagePolicy = {
  type: 'pages',
  atOnce: 2,
  waitingMax: 32,
  budget: { type: 'bytes', perMs: 20_000, burst: 1_000_000 },
  newError: tooManyLarge,
};
/** One page keeps MongoDB busy for up to BUSY_MS: one at a time, and together a third of the time after the first. */
const BUSY: PagePolicy = {
  type: 'pages',
  atOnce: 1,
  waitingMax: 33,
  budget: { type: 'time', perMs: 0.3, burst: BUSY_MS },
  newError: tooManyBusy,
};

export interface PageAsked {
  /** How many messages the page may have. */
  limit: number;
  /** How long the caller waits, in milliseconds. */
  withinMs: number;
  /** The conversation or the user whose page it is. */
  of: string;
}

/** What the turn of a page allows. */
export interface PageTurn {
  withinMs: number;
  mayReadBusyHours: boolean;
}

interface SizedPage {
  json: Uint8Array;
  /** Messages. */
  count: number;
}

/** Pages take turns by their size: what a page may have decides which turns it takes, what it had how soon the next one comes. */
export class PageTurns {
  private readonly light: Lane;
  private readonly heavy: Lane;
  private readonly busy: Lane;
  private readonly sizes = new PageSizes();

  constructor(now: MonotonicClock = monotonicNow) {
    this.light = new Lane(LIGHT, now);
    this.heavy = new Lane(HEAVY, now);
    this.busy = new Lane(BUSY, now);
  }

  /**
   * Calls `read` with what its turn allows: a second time when it threw BusyHourFound.
   * @throws ReadsOverloadedError when too many pages wait, or no turn comes in time
   */
  async run<T extends SizedPage>({ limit, withinMs, of }: PageAsked, read: (turn: PageTurn) => Promise<T>): Promise<T> {
    const isHeavy = limit > LIGHT_MAX || this.sizes.estimate(of, limit) > LIGHT_BYTES;
    const page = await this.inTurn(isHeavy ? this.heavy : this.light, withinMs, read);
    this.sizes.saw(of, { bytes: page.json.length, messages: page.count });
    return page;
  }

  private async inTurn<T extends SizedPage>(
    lane: Lane,
    withinMs: number,
    read: (turn: PageTurn) => Promise<T>,
  ): Promise<T> {
    try {
      return await lane.run((leftMs) => read({ withinMs: leftMs, mayReadBusyHours: false }), withinMs);
    } catch (error) {
      if (!(error instanceof BusyHourFound)) throw error;
      const busyMs = Math.max(withinMs, BUSY_MS);
      return this.busy.run((leftMs) => read({ withinMs: leftMs, mayReadBusyHours: true }), busyMs);
    }
  }
}

class Lane {
  private readonly policy: PagePolicy;
  private readonly now: MonotonicClock;
  private readonly turns: ReadTurns;
  private readonly budget: Budget;

  constructor(policy: PagePolicy, now: MonotonicClock) {
    const { atOnce, waitingMax, newError } = policy;
    this.policy = policy;
    this.now = now;
    this.turns = new ReadTurns({ type: 'turns', atOnce, waitingMax, newError });
    this.budget = new Budget(policy.budget, now);
  }

  run<T extends SizedPage>(read: (leftMs: number) => Promise<T>, withinMs: number): Promise<T> {
    return this.turns.run(async (leftMs) => {
      const { debtMs } = this.budget;
      if (debtMs >= leftMs) throw this.policy.newError();
      if (debtMs > 0) await delay(debtMs);
      const begin = this.now();
      let bytes = 0;
      try {
        const page = await read(Math.max(1, Math.floor(leftMs - debtMs)));
        bytes = page.json.length;
        return page;
      } finally {
        this.budget.spend(this.policy.budget.type === 'bytes' ? bytes : this.now() - begin);
      }
    }, withinMs);
  }
}
