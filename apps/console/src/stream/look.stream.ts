import { useSyncExternalStore } from 'react';
import type { Look } from '@wiber/contracts';
import { addressOf } from '../api/api.client.ts';
import type { ApiProblem } from '../api/api.problem.ts';
import { Store } from '../state/value.store.ts';
import { freshnessOf, type Freshness } from './freshness.ts';
import { LookHistory } from './look.history.ts';
import { readLooks } from './look.connection.ts';
import { reconnectDelay } from './reconnect.delay.ts';

export interface StreamState {
  freshness: Freshness;
  look?: Look;
  /** Whole seconds since the last look, 0 while it is fresh. */
  ageS: number;
  /** Why the last connection ended, until the next look. */
  problem?: ApiProblem;
  history: LookHistory;
}

/** A page that nobody sees for this long closes its stream: the gateways then look no more. */
const HIDDEN_MAX_MS = 20_000;
const TICK_MS = 500;

/** One connection to /stats/stream for the whole page. It is open while the page is visible, and comes back by itself. */
class LookStream {
  private readonly history = new LookHistory();
  readonly state = new Store<StreamState>({ freshness: 'connecting', ageS: 0, history: this.history });
  private lookedAt: number | undefined;
  private failures = 0;
  private problem: ApiProblem | undefined;
  private connection: AbortController | undefined;
  private hiding: number | undefined;

  start(): void {
    window.setInterval(() => this.tick(), TICK_MS);
    document.addEventListener('visibilitychange', () => this.follow());
    this.follow();
  }

  private follow(): void {
    window.clearTimeout(this.hiding);
    if (!document.hidden) this.open();
    else this.hiding = window.setTimeout(() => this.close(), HIDDEN_MAX_MS);
  }

  private open(): void {
    if (this.connection !== undefined) return;
    this.connection = new AbortController();
    void this.connect(this.connection.signal);
  }

  private close(): void {
    this.connection?.abort();
    this.connection = undefined;
  }

  private async connect(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const end = await readLooks({
        address: addressOf({ path: '/stats/stream' }),
        signal,
        onLook: (look) => this.take(look),
      });
      if (signal.aborted) return;
      this.failures += 1;
      this.problem = end.problem;
      this.tick();
      await wait(reconnectDelay({ failures: this.failures, askedMs: end.askedMs, random: Math.random() }), signal);
    }
  }

  private take(look: Look): void {
    this.lookedAt = performance.now();
    this.failures = 0;
    this.problem = undefined;
    this.history.add(look, this.lookedAt);
    this.state.set({ freshness: 'live', look, ageS: 0, history: this.history });
  }

  /** Tells the page when what it shows gets old. While looks come, it changes nothing. */
  private tick(): void {
    const ageMs = this.lookedAt === undefined ? undefined : performance.now() - this.lookedAt;
    const freshness = freshnessOf({ ageMs, failures: this.failures });
    const ageS = freshness === 'live' ? 0 : Math.floor((ageMs ?? 0) / 1000);
    const now = this.state.value;
    if (now.freshness === freshness && now.ageS === ageS && now.problem === this.problem) return;
    this.state.set({ ...now, freshness, ageS, problem: this.problem });
  }
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

export const lookStream = new LookStream();

/** The state of the stream; a component that uses it is drawn once for each look. */
export const useLookStream = (): StreamState => useSyncExternalStore(lookStream.state.subscribe, lookStream.state.get);
