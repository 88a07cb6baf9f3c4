import type { ApiProblem } from '../api/api.problem.ts';
import { asProblem } from '../api/use.request.ts';
import { Store } from '../state/value.store.ts';
import { CausalMemory } from './causal.memory.ts';
import { readNewest, readPage, type Page, type Users } from './conversation.api.ts';
import { SORTS, type Sort } from './order.comparison.ts';
import { EMPTY_WINDOW, atNewest, detached, withLater, withNewest, withOlder, type PageWindow } from './page.window.ts';
import { pauseWhileVisible } from './visible.pause.ts';

export type Windows = Readonly<Record<Sort, PageWindow>>;

export interface OrdersState {
  /** Either all of them follow what comes, or none does. */
  windows: Windows;
  isLoading: boolean;
  problem?: ApiProblem | undefined;
}

const EMPTY: Windows = { log: EMPTY_WINDOW, lamport: EMPTY_WINDOW, timestamp: EMPTY_WINDOW };
/** Refreshes that are wanted while one runs, or this soon after it, are one. */
const REST_MS = 300;
const AGAIN_MS = 1000;

/** The same conversation in each order, as the gateway gives it: the page sorts nothing itself. */
export class OrdersReader {
  readonly state = new Store<OrdersState>({ windows: EMPTY, isLoading: true });
  private readonly seen = new CausalMemory();
  /** The page of what is newer, by the log, than all that was shown or counted. */
  private newer: string | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private isWanted = false;
  private isRefreshing = false;

  constructor(
    private readonly users: Users,
    private readonly session: { readonly signal: AbortSignal },
  ) {}

  private get signal(): AbortSignal {
    return this.session.signal;
  }

  /** Reads the newest page of each order again, at least as new as what `others` have seen. */
  refresh(...others: CausalMemory[]): void {
    for (const other of others) this.seen.follow(other);
    this.isWanted = true;
    if (!this.isRefreshing) void this.runRefreshes();
  }

  async loadOlder(): Promise<void> {
    await this.change(async (windows) => {
      const after = await inEachOrder(async (sort) => {
        const { older } = windows[sort];
        return older === undefined ? windows[sort] : withOlder(windows[sort], await this.page(older), older);
      });
      // An order that is shorter than the others would follow what comes, and they would not.
      return isDetached(after) ? allDetached(after) : after;
    });
  }

  async returnToNewest(): Promise<void> {
    await this.change(async () => {
      const pages = await this.newestPages();
      return inEachOrder((sort) => atNewest(pages[sort]));
    });
  }

  private async runRefreshes(): Promise<void> {
    this.isRefreshing = true;
    while (this.isWanted && !this.signal.aborted) {
      this.isWanted = false;
      const problem = await this.change((windows) =>
        isDetached(windows) ? this.counted(windows) : this.grown(windows),
      );
      // Nobody else asks again while nothing new comes.
      this.isWanted ||= problem !== undefined;
      await pauseWhileVisible(problem ? Math.max(AGAIN_MS, (problem.retryAfterS ?? 0) * 1000) : REST_MS, this.signal);
    }
    this.isRefreshing = false;
  }

  private async grown(windows: Windows): Promise<Windows> {
    const { newer } = this;
    const pages = await this.newestPages();
    const after = await inEachOrder((sort) => withNewest(windows[sort], pages[sort]));
    if (!isDetached(after)) return after;
    // One order has no room for what came, so none takes it: it is counted, from the place that all of them have.
    this.newer = newer;
    this.isWanted = true;
    return allDetached(windows);
  }

  /** In each order as many messages are newer as by the log; by the log each comes once. */
  private async counted(windows: Windows): Promise<Windows> {
    if (this.newer === undefined) return windows;
    const page = await this.page(this.newer);
    this.newer = page.newer ?? this.newer;
    if (page.messages.length === 0) return windows;
    this.isWanted = true;
    return inEachOrder((sort) => withLater(windows[sort], page));
  }

  private async newestPages(): Promise<Readonly<Record<Sort, Page>>> {
    const pages = await inEachOrder((sort) => readNewest(this.users, sort, { seen: this.seen, signal: this.signal }));
    this.newer = pages.log.newer;
    return pages;
  }

  /**
   * One change at a time: each begins from what the one before has shown. Shows all three orders at once, so that no
   * comparison is between pages of two times.
   * @returns why it could not
   */
  private change(after: (windows: Windows) => Promise<Windows>): Promise<ApiProblem | undefined> {
    const turn = this.last.then(() => this.attempt(after));
    this.last = turn;
    return turn;
  }

  private async attempt(after: (windows: Windows) => Promise<Windows>): Promise<ApiProblem | undefined> {
    try {
      const { windows: before, isLoading, problem } = this.state.value;
      const windows = await after(before);
      if (windows !== before || isLoading || problem !== undefined) this.state.set({ windows, isLoading: false });
      return undefined;
    } catch (error) {
      if (this.signal.aborted) return undefined;
      const problem = asProblem(error);
      if (problem.code === 'causal_token_ahead') this.seen.forget();
      // The same problem again stays as it is: each change of it would be read aloud.
      const { problem: before } = this.state.value;
      if (problem.code !== before?.code) this.state.set({ ...this.state.value, isLoading: false, problem });
      return problem;
    }
  }

  private page(path: string): Promise<Page> {
    return readPage({ path, seen: this.seen, signal: this.signal });
  }
}

const inEachOrder = async <T>(make: (sort: Sort) => T | Promise<T>): Promise<Readonly<Record<Sort, T>>> => {
  const [log, lamport, timestamp] = (await Promise.all(SORTS.map(make))) as [T, T, T];
  return { log, lamport, timestamp };
};

const isDetached = (windows: Windows): boolean => SORTS.some((sort) => windows[sort].lacking !== undefined);

const allDetached = ({ log, lamport, timestamp }: Windows): Windows => ({
  log: detached(log),
  lamport: detached(lamport),
  timestamp: detached(timestamp),
});
