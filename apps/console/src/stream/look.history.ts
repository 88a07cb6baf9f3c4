import type { Look, LookEvent } from '@wiber/contracts';
import { NumberRing } from './number.ring.ts';

/** Ten minutes of looks, one a second. */
const LOOKS_KEPT = 600;
const EVENTS_KEPT = 200;

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
  private readonly times = new NumberRing(LOOKS_KEPT);
  private readonly rings = new Map(HISTORY_SERIES.map((name) => [name, new NumberRing(LOOKS_KEPT)]));
  private seen: SeenEvent[] = [];

  add(look: Look): void {
    this.times.push(look.at / 1000);
    for (const [name, ring] of this.rings) ring.push(totalOf[name](look));
    this.addEvents(look);
  }

  /** Newest first. */
  get events(): readonly SeenEvent[] {
    return this.seen;
  }

  /** Times in seconds since the epoch, as uPlot takes them, and a row of values for each name. */
  series(names: readonly HistorySeries[]): [number[], ...(number | null)[][]] {
    const times = this.times.toArray().map((time) => time ?? 0);
    return [times, ...names.map((name) => this.rings.get(name)?.toArray() ?? [])];
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
