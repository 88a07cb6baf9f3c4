import type { CountedTimes } from '@wiber/contracts';
import type { PulseStore } from '@wiber/mongo';
import { monotonicNow, type MonotonicClock } from '@wiber/resilience';
import { PulseBoard } from './pulse.board.ts';
import type { SeenInstances } from './seen.ts';

/** For so long the processes go on when nobody says it again, in milliseconds. */
const WATCH_MS = 15_000;
const RENEW_EVERY_MS = 5000;
const SWEEP_EVERY_MS = 60_000;
/** A process asks once a second whether somebody looks: after so many milliseconds each that lives was heard. */
const FIRST_PULSES_MS = 3000;

export interface PulseWatchPorts {
  store: Pick<PulseStore, 'watch' | 'beats' | 'sweep'>;
  topic: string;
  now?: MonotonicClock;
}

/** Asks all processes for pulses for as long as somebody looks, and hears them. */
export class PulseWatch {
  private readonly ports: PulseWatchPorts;
  private readonly now: MonotonicClock;
  private readonly board = new PulseBoard();
  private renewAt = 0;
  private sweepAt = 0;
  /** When the pulses were read for the first time. */
  private beganAt: number | undefined;

  constructor(ports: PulseWatchPorts) {
    this.ports = ports;
    this.now = ports.now ?? monotonicNow;
  }

  /** @throws StoreUnavailableError */
  async look(withinMs: number): Promise<void> {
    const { store, topic } = this.ports;
    try {
      if (this.now() >= this.renewAt) {
        await store.watch(topic, WATCH_MS, withinMs);
        this.renewAt = this.now() + RENEW_EVERY_MS;
      }
      const pulses = await store.beats(topic, withinMs);
      this.beganAt ??= this.now();
      this.board.hear(pulses, this.now());
      this.sweep(withinMs);
    } catch (error) {
      this.board.hearNothing();
      throw error;
    }
  }

  /** Why the processes are not known yet; undefined once they are. */
  get reason(): string | undefined {
    const hasBegun = this.beganAt !== undefined && this.now() - this.beganAt >= FIRST_PULSES_MS;
    return hasBegun ? undefined : 'Processes give signs of life from a few seconds after somebody begins to look';
  }

  get instances(): SeenInstances {
    return this.board.instances(this.now());
  }

  get latency(): CountedTimes | undefined {
    return this.board.latency;
  }

  /** Nobody waits for it: what is not deleted now is deleted a minute later. */
  private sweep(withinMs: number): void {
    if (this.now() < this.sweepAt) return;
    this.sweepAt = this.now() + SWEEP_EVERY_MS;
    this.ports.store.sweep(this.ports.topic, withinMs).catch(() => undefined);
  }
}
