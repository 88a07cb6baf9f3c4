import type { Look, LookEvent } from '@wiber/contracts';
import type { ChartData } from '../charts/chart.data.ts';
import { NumberRing } from './number.ring.ts';

/** Ten minutes of looks, one a second. */
const LOOKS_KEPT = 600;
const EVENTS_KEPT = 200;
/** Two looks that came at once still have two places on a chart. */
const LEAST_APART_S = 0.001;

export const HISTORY_SERIES = ['accepted', 'stored', 'lag', 'p50', 'p99'] as const;
export type HistorySeries = (typeof HISTORY_SERIES)[number];

/** An event with the gateway that saw it: ids are unique in the life of one gateway only. */
export interface SeenEvent extends LookEvent {
  key: string;
}

const totalOf: Record<HistorySeries, (look: Look) => number | undefined> = {
  accepted: ({ totals }) => totals.acceptedPerSecond,
  stored: ({ totals }) => totals.storedPerSecond,
  lag: ({ totals }) => totals.lag,
  p50: ({ totals }) => totals.latency?.p50,
  p99: ({ totals }) => totals.latency?.p99,
};

/** What the page remembers of past looks. Its size has a bound, however long the page stays open. */
export class LookHistory {
  private readonly seconds = new NumberRing(LOOKS_KEPT);
  private readonly clocks = new NumberRing(LOOKS_KEPT);
  private readonly rings = new Map(HISTORY_SERIES.map((name) => [name, new NumberRing(LOOKS_KEPT)]));
  private seen: SeenEvent[] = [];
  /** The first look by the clock of its gateway, in seconds since the epoch, less when it came by the clock of the page. */
  private begin: number | undefined;
  private last = -Infinity;

  /** @param cameAt when the look came, in milliseconds by the monotonic clock of the page */
  add(look: Look, cameAt: number): void {
    this.begin ??= (look.at - cameAt) / 1000;
    this.last = Math.max(this.begin + cameAt / 1000, this.last + LEAST_APART_S);
    this.seconds.push(this.last);
    this.clocks.push(look.at);
    for (const [name, ring] of this.rings) ring.push(totalOf[name](look));
    this.addEvents(look);
  }

  /** Newest first. */
  get events(): readonly SeenEvent[] {
    return this.seen;
  }

  /**
   * A row of values for each name. The seconds begin with the clock of the first look's gateway, and go on with that of the
   * page: the clock of a gateway may jump, and another gateway has another one.
   */
  series(names: readonly HistorySeries[]): ChartData {
    const rows = names.map((name) => this.rings.get(name)?.toArray() ?? []);
    return { rows: [knownOf(this.seconds), ...rows], clocks: knownOf(this.clocks) };
  }

  /** The first event of a connection repeats events that the connection before has shown. */
  private addEvents({ by, events }: Look): void {
    const known = new Set(this.seen.map(({ key }) => key));
    const fresh = events
      .map((event) => ({ ...event, key: `${by} ${String(event.id)} ${String(event.at)}` }))
      .filter(({ key }) => !known.has(key));
    if (fresh.length === 0) return;
    this.seen = [...fresh, ...this.seen].sort((a, b) => b.at - a.at || b.id - a.id).slice(0, EVENTS_KEPT);
  }
}

const knownOf = (ring: NumberRing): number[] => ring.toArray().map((value) => value ?? 0);
