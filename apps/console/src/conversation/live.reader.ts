import type { ApiProblem } from '../api/api.problem.ts';
import { asProblem } from '../api/use.request.ts';
import { Store } from '../state/value.store.ts';
import type { CausalMemory } from './causal.memory.ts';
import { readNewest, readPage, type Page, type Users } from './conversation.api.ts';
import { EMPTY_WINDOW, atNewest, withLater, withOlder, type PageWindow } from './page.window.ts';
import { pauseWhileVisible } from './visible.pause.ts';

/** A message is seen within a second: this pause, and the read. */
const PAUSE_MS = 400;
const PAUSE_MAX_MS = 5000;

export interface ReaderState {
  window: PageWindow;
  isLoading: boolean;
  isLoadingOlder: boolean;
  /** The newest page was asked for, and is not read yet. */
  isReturning: boolean;
  /** Why the newest read failed; absent once one succeeds. */
  problem?: ApiProblem | undefined;
}

/**
 * One user who reads a conversation, by the log and with the user's own token. It asks again and again for what is newer, by
 * the link of the last answer, while somebody looks at the page. By the log each message comes once.
 */
export class LiveReader {
  readonly state = new Store<ReaderState>({
    window: EMPTY_WINDOW,
    isLoading: true,
    isLoadingOlder: false,
    isReturning: false,
  });
  private newer: string | undefined;
  private failures = 0;

  constructor(
    private readonly users: Users,
    private readonly seen: CausalMemory,
  ) {}

  /** Reads until `signal` ends. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.turn(signal);
      await pauseWhileVisible(pauseMs, signal);
    }
  }

  async loadOlder(signal: AbortSignal): Promise<void> {
    const { older } = this.state.value.window;
    if (older === undefined || this.state.value.isLoadingOlder) return;
    this.change({ isLoadingOlder: true });
    try {
      const page = await readPage({ path: older, seen: this.seen, signal });
      this.change({ window: withOlder(this.state.value.window, page, older) });
    } catch (error) {
      if (!signal.aborted) this.change({ problem: asProblem(error) });
    } finally {
      this.change({ isLoadingOlder: false });
    }
  }

  /** The next turn reads the newest page instead of what is newer than the window. */
  returnToNewest(): void {
    this.change({ isReturning: true });
  }

  /** @returns milliseconds until the next turn */
  private async turn(signal: AbortSignal): Promise<number> {
    const { isReturning } = this.state.value;
    try {
      const page = await this.read(signal, isReturning);
      // Asked for while this page was under way: the newest page has all of it.
      if (this.state.value.isReturning !== isReturning) return 0;
      this.newer = page.newer ?? this.newer;
      this.failures = 0;
      this.take(page, isReturning);
      return PAUSE_MS;
    } catch (error) {
      return signal.aborted ? 0 : this.fail(asProblem(error));
    }
  }

  /** Most turns bring nothing; then nothing is drawn again. */
  private take(page: Page, isReturning: boolean): void {
    const { window: before, isLoading, problem } = this.state.value;
    const window = isReturning ? atNewest(page) : withLater(before, page);
    if (window !== before || isLoading || problem !== undefined)
      this.change({ window, isLoading: false, isReturning: false, problem: undefined });
  }

  private read(signal: AbortSignal, isReturning: boolean): Promise<Page> {
    const { seen, newer } = this;
    return newer === undefined || isReturning
      ? readNewest(this.users, 'log', { seen, signal })
      : readPage({ path: newer, seen, signal });
  }

  private fail(problem: ApiProblem): number {
    // The store was made anew: neither the token nor the cursor is of this one, nor is what is shown.
    if (problem.code === 'causal_token_ahead') {
      this.seen.forget();
      this.newer = undefined;
      this.change({ window: EMPTY_WINDOW });
    }
    this.failures += 1;
    // The same problem again stays as it is: each change of it would be read aloud.
    if (problem.code !== this.state.value.problem?.code) this.change({ problem, isLoading: false });
    const backOffMs = PAUSE_MS * 2 ** Math.min(this.failures, 4);
    return Math.min(PAUSE_MAX_MS, Math.max(backOffMs, (problem.retryAfterS ?? 0) * 1000));
  }

  private change(part: Partial<ReaderState>): void {
    this.state.set({ ...this.state.value, ...part });
  }
}
