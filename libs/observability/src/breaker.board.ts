import { Counter, Gauge } from 'prom-client';
import { METRIC } from './metric.names.ts';

/** In the order of their numbers in the metric. */
export const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

/** What readiness and metrics show of a circuit breaker. */
export interface WatchedBreaker {
  readonly name: string;
  readonly state: (typeof BREAKER_STATES)[number];
  /** How often it opened. */
  readonly openings: number;
  /** How many calls it refused. */
  readonly rejections: number;
}

/** The circuit breakers of this process, for readiness and metrics. They are read only at a request or a scrape. */
export class BreakerBoard {
  private readonly sources: (() => readonly WatchedBreaker[])[] = [];

  constructor() {
    const breakers = () => this.breakers;
    const labelNames = ['breaker'];
    new Gauge({
      name: METRIC.breakerState,
      help: 'State of a circuit breaker: 0 closed, 1 half-open, 2 open.',
      labelNames,
      collect() {
        this.reset();
        for (const { name, state } of breakers()) this.set({ breaker: name }, BREAKER_STATES.indexOf(state));
      },
    });
    new Counter({
      name: METRIC.breakerOpenings,
      help: 'How often a circuit breaker opened, also from half-open.',
      labelNames,
      collect() {
        this.reset();
        for (const { name, openings } of breakers()) this.inc({ breaker: name }, openings);
      },
    });
    new Counter({
      name: METRIC.breakerRejections,
      help: 'Calls that a circuit breaker refused without making them.',
      labelNames,
      collect() {
        this.reset();
        for (const { name, rejections } of breakers()) this.inc({ breaker: name }, rejections);
      },
    });
  }

  /** Adds a source. It is read each time, because breakers may be made later. */
  watch(source: () => readonly WatchedBreaker[]): void {
    this.sources.push(source);
  }

  /** The state of each breaker, by name. */
  get states(): Record<string, WatchedBreaker['state']> {
    return Object.fromEntries(this.breakers.map(({ name, state }) => [name, state]));
  }

  private get breakers(): WatchedBreaker[] {
    return this.sources.flatMap((source) => source());
  }
}
