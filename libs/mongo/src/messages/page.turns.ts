import { delay, monotonicNow, type MonotonicClock } from '@wiber/resilience';
import { readsOverloaded } from '../connection/mongo.errors.ts';
import { ReadTurns } from '../connection/read.turns.ts';
import { POOLS } from '../connection/store.pools.ts';
import { ByteBudget, type BudgetPolicy } from './byte.budget.ts';

/** Pages of at most so many messages take about 1 MB at most; the default of the API. A larger page may have 11 MB. */
export const LIGHT_MAX = 50;

export interface PagePolicy {
  type: 'pages';
  atOnce: number;
  waitingMax: number;
  budget: BudgetPolicy;
}

/**
 * A page is read, turned into JSON and written by the one thread that also takes messages: about 10 ms for each MB. So
 * pages of the largest messages may take about half of its time, and pages of short ones are not slowed. Light pages and
 * heavy ones wait apart, so that nobody's large pages keep small ones waiting.
 */
const LIGHT: PagePolicy = {
  type: 'pages',
  atOnce: POOLS.main,
  waitingMax: 2000,
  budget: { type: 'bytes', perMs: 40_000, burst: 8_000_000 },
};
const HEAVY: PagePolicy = {
  type: 'pages',
  atOnce: 2,
  waitingMax: 32,
  budget: { type: 'bytes', perMs: 20_000, burst: 1_000_000 },
};

/** Pages take turns by their size: what a page may have decides which turns it takes, what it had how soon the next one comes. */
export class PageTurns {
  private readonly light: Lane;
  private readonly heavy: Lane;

  constructor(now: MonotonicClock = monotonicNow) {
    this.light = new Lane(LIGHT, now);
    this.heavy = new Lane(HEAVY, now);
  }

  /**
   * Calls `read` with the time that is left of `withinMs`.
   * @param limit how many messages the page may have
   * @throws ReadsOverloadedError when too many pages wait, or no turn comes in time
   */
  run<T extends { json: Uint8Array }>(
    { limit, withinMs }: { limit: number; withinMs: number },
    read: (leftMs: number) => Promise<T>,
  ): Promise<T> {
    return (limit > LIGHT_MAX ? this.heavy : this.light).run(read, withinMs);
  }
}

class Lane {
  private readonly turns: ReadTurns;
  private readonly budget: ByteBudget;

  constructor({ atOnce, waitingMax, budget }: PagePolicy, now: MonotonicClock) {
    this.turns = new ReadTurns({ type: 'turns', atOnce, waitingMax, newError: overloaded });
    this.budget = new ByteBudget(budget, now);
  }

  run<T extends { json: Uint8Array }>(read: (leftMs: number) => Promise<T>, withinMs: number): Promise<T> {
    return this.turns.run(async (leftMs) => {
      const { debtMs } = this.budget;
      if (debtMs >= leftMs) throw overloaded();
      if (debtMs > 0) await delay(debtMs);
      const page = await read(Math.max(1, Math.floor(leftMs - debtMs)));
      this.budget.spend(page.json.length);
      return page;
    }, withinMs);
  }
}

const overloaded = () =>
  readsOverloaded(`too many large pages are read; try again in 1 s, or ask for ${LIGHT_MAX} messages at most`);
