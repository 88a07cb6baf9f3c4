import { AppMetrics } from '@wiber/harness';
import type { LeaderSighting } from '../checker/observation.ts';

/** How long a worker may take to answer: one that is paused answers nothing. In milliseconds. */
const ANSWER_MS = 2000;
const INTERVAL_MS = 200;
/** An older answer says nothing of now. In milliseconds. */
const RECENT_MS = 1000;
const TERM = 'wiber_leader_term';

export interface LeaderWatchOptions {
  /** The URL of each metrics worker, by its instance. */
  workers: ReadonlyMap<string, string>;
  /** Milliseconds of the clock of the observation. */
  now: () => number;
  /** From one answer to the next question, in milliseconds. */
  intervalMs?: number;
}

/** Asks every worker again and again in which term it leads, until `stop`. */
export class LeaderWatch {
  readonly sightings: LeaderSighting[] = [];
  private readonly options: LeaderWatchOptions;
  private readonly watching: Promise<unknown>;
  private readonly stopping = new AbortController();

  constructor(options: LeaderWatchOptions) {
    this.options = options;
    this.watching = Promise.all([...options.workers].map(([worker, url]) => this.watch(worker, url)));
  }

  /** The worker that leads the highest term by the answers of the last second. No server is asked. @throws Error without one */
  leader(except?: string): string {
    const since = this.options.now() - RECENT_MS;
    const recent = this.sightings.filter(({ answeredAt, worker }) => answeredAt >= since && worker !== except);
    const [first, ...others] = recent;
    if (!first) throw new Error(`no metrics worker${except === undefined ? '' : ` but ${except}`} leads now`);
    return others.reduce((a, b) => (b.term > a.term ? b : a), first).worker;
  }

  /** Resolves once nothing is asked any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(worker: string, url: string): Promise<void> {
    const { now, intervalMs = INTERVAL_MS } = this.options;
    while (!this.stopping.signal.aborted) {
      const askedAt = now();
      const term = await this.termOf(url);
      if (term > 0) this.sightings.push({ worker, term, askedAt, answeredAt: now() });
      await new Promise<void>((resolve) => setTimeout(resolve, intervalMs));
    }
  }

  /** 0 for a worker that does not lead, and for one that does not answer. */
  private async termOf(url: string): Promise<number> {
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(ANSWER_MS)]);
    try {
      const answer = await fetch(`${url}/metrics`, { signal });
      return new AppMetrics(await answer.text()).sum(TERM, { orZero: true });
    } catch {
      return 0;
    }
  }
}
