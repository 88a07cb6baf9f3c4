import { wallNow, type Look, type LookEventKind } from '@wiber/contracts';
import { delay, monotonicNow, type MonotonicClock } from '@wiber/resilience';
import { EventHistory } from './event.history.ts';
import { LagTrend } from './lag.trend.ts';
import { lookOf } from './look.builder.ts';
import { changesOf } from './look.changes.ts';
import { LookFrame } from './look.frame.ts';
import type { Looking } from './look.stream.ts';
import type { Seen } from './seen.ts';

/** From the begin of one look to that of the next, in milliseconds. */
export const LOOK_EVERY_MS = 1000;

/** So long after the begin the processes are heard for the first time: they are not new, in milliseconds. */
const SETTLE_MS = 5000;
const OF_SETTLING: readonly LookEventKind[] = ['instance_new', 'partition_taken'];

/** What one look reads, while somebody looks. */
export interface Eyes {
  read(): Promise<Seen>;
  close(): Promise<void>;
}

export interface LoopPorts {
  /** The gateway that looks. */
  by: string;
  /** Made when somebody begins to look. */
  open: () => Eyes;
  publish: (frame: LookFrame) => void;
  failed: (error: unknown) => void;
  now?: MonotonicClock;
}

/** Looks once a second for as long as somebody wants it. */
export class LookLoop implements Looking {
  private readonly ports: LoopPorts;
  private readonly now: MonotonicClock;
  private readonly history = new EventHistory();
  private sequence = 0;
  /** When the eyes were opened last, by the monotonic clock. */
  private beganAt = -Infinity;
  private running: AbortController | undefined;

  constructor(ports: LoopPorts) {
    this.ports = ports;
    this.now = ports.now ?? monotonicNow;
  }

  begin(): void {
    if (this.running) return;
    this.running = new AbortController();
    void this.run(this.running.signal);
  }

  end(): void {
    this.running?.abort();
    this.running = undefined;
  }

  private async run(stop: AbortSignal): Promise<void> {
    // Eyes are connections. Clients that come and go do not open them more often than one look is due.
    const early = this.beganAt + LOOK_EVERY_MS - this.now();
    if (early > 0) await delay(early, stop);
    if (stop.aborted) return;
    const eyes = this.ports.open();
    const trend = new LagTrend();
    let before: Omit<Look, 'events'> | undefined;
    this.history.clear();
    this.beganAt = this.now();
    while (!stop.aborted) {
      const begin = this.now();
      try {
        const seen = await eyes.read();
        if (!stop.aborted) before = this.publish(seen, before, trend);
      } catch (error) {
        this.ports.failed(error);
      }
      await delay(Math.max(0, LOOK_EVERY_MS - (this.now() - begin)), stop);
    }
    await eyes.close();
  }

  private publish(seen: Seen, before: Omit<Look, 'events'> | undefined, trend: LagTrend): Omit<Look, 'events'> {
    const { by, publish } = this.ports;
    const at = wallNow();
    const look = lookOf(seen, { sequence: (this.sequence += 1), at, by });
    const { lag, acceptedPerSecond } = look.totals;
    const lags = trend.next(lag, acceptedPerSecond);
    const isSettling = this.now() - this.beganAt < SETTLE_MS;
    const changes = [...(before ? changesOf(before, look) : []), ...lags];
    this.history.add(isSettling ? changes.filter(({ kind }) => !OF_SETTLING.includes(kind)) : changes, at);
    const { history } = this;
    publish(new LookFrame(look, { newestId: history.newestId, after: (id) => history.after(id) }));
    return look;
  }
}
