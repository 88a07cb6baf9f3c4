import type { ApiProblem } from '../api/api.problem.ts';
import { asProblem } from '../api/use.request.ts';
import { Store } from '../state/value.store.ts';
import { CausalMemory } from './causal.memory.ts';
import { readNewest, readPage, type Page, type Users } from './conversation.api.ts';
import { SORTS, type Sort } from './order.comparison.ts';
import { EMPTY_WINDOW, withNewest, withOlder, type PageWindow } from './page.window.ts';
import { pauseWhileVisible } from './visible.pause.ts';

export type Windows = Readonly<Record<Sort, PageWindow>>;

export interface OrdersState {
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
  private running: Promise<void> | undefined;
  private isWanted = false;

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
    if (this.running === undefined) void this.runAlone(() => this.work());
  }

  async loadOlder(): Promise<void> {
    while (this.running !== undefined) await this.running;
    await this.runAlone(() =>
      this.change(async (sort) => {
        const window = this.state.value.windows[sort];
        return window.older === undefined ? window : withOlder(window, await this.page(window.older));
      }),
    );
  }

  /** One change at a time: each begins from what the one before has shown. */
  private runAlone(task: () => Promise<unknown>): Promise<void> {
    this.running = task().then(() => {
      this.running = undefined;
      if (this.isWanted && !this.signal.aborted) this.refresh();
    });
    return this.running;
  }

  private async work(): Promise<void> {
    while (this.isWanted && !this.signal.aborted) {
      this.isWanted = false;
      const problem = await this.change(async (sort) => {
        const page = await readNewest(this.users, sort, { seen: this.seen, signal: this.signal });
        return withNewest(this.state.value.windows[sort], page);
      });
      // Nobody else asks again while nothing new comes.
      this.isWanted ||= problem !== undefined;
      await pauseWhileVisible(problem ? Math.max(AGAIN_MS, (problem.retryAfterS ?? 0) * 1000) : REST_MS, this.signal);
    }
  }

  /**
   * Shows all three orders at once, so that no comparison is between pages of two times.
   * @returns why it could not
   */
  private async change(windowOf: (sort: Sort) => Promise<PageWindow>): Promise<ApiProblem | undefined> {
    try {
      const [log, lamport, timestamp] = (await Promise.all(SORTS.map(windowOf))) as [
        PageWindow,
        PageWindow,
        PageWindow,
      ];
      this.state.set({ windows: { log, lamport, timestamp }, isLoading: false });
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
