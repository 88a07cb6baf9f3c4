import { monotonicNow, withDeadline, type MonotonicClock } from '@wiber/resilience';

/** How long one part of a look may take, in milliseconds: a look is due each second. */
export const PART_MS = 900;

export interface PartOptions<T> {
  ask: (withinMs: number) => Promise<T> | T;
  /** The dependency that is asked, for the text of the reason. */
  server: string;
  /** What people are told of a failure. It never has an address. */
  reasonOf?: ((error: unknown) => string | undefined) | undefined;
  /** The least time between two questions, in milliseconds. */
  everyMs?: number;
  now?: MonotonicClock;
}

/** One part of a look: its last value, and why there is no newer one. One question at a time, and each ends within PART_MS. */
export class LookedPart<T> {
  /** The last value; undefined before the first answer. */
  value: T | undefined;
  /** Why the last question had no answer. */
  reason: string | undefined;
  private askedAt = -Infinity;
  /** The question that has no answer yet, also past its time. */
  private pending: Promise<T> | undefined;
  private readonly options: PartOptions<T>;

  constructor(options: PartOptions<T>) {
    this.options = options;
  }

  /** Asks, unless the last answer is young enough. Never rejects. */
  async look(): Promise<void> {
    const { ask, server, reasonOf, everyMs = 0, now = monotonicNow } = this.options;
    if (this.reason === undefined && now() - this.askedAt < everyMs) return;
    this.askedAt = now();
    try {
      this.pending ??= asked(ask).finally(() => (this.pending = undefined));
      this.value = await withDeadline(this.pending, PART_MS, server);
      this.reason = undefined;
    } catch (error) {
      this.reason = reasonOf?.(error) ?? `${server} does not answer`;
    }
  }
}

const asked = async <T>(ask: (withinMs: number) => Promise<T> | T): Promise<T> => ask(PART_MS);
