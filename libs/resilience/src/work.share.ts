import pLimit from 'p-limit';
import { monotonicNow, type MonotonicClock } from './clock.ts';
import { delay } from './delay.ts';

export interface SharePolicy {
  type: 'share';
  /** Of the time of the event loop, as a part of one. */
  share: number;
  /** How long the work may take at once after a quiet time, in milliseconds. */
  burstMs: number;
}

/**
 * Gives one kind of work a share of the time of the event loop. The work comes in pieces, one piece in a turn of the loop.
 * Each piece is measured; what was taken beyond the share is over before the next piece begins.
 */
export class WorkShare {
  private readonly policy: SharePolicy;
  private readonly now: MonotonicClock;
  private readonly sleep: (ms: number) => Promise<unknown>;
  private readonly oneByOne = pLimit(1);
  private savedMs: number;
  private at: number;

  constructor(
    policy: SharePolicy,
    { now = monotonicNow, sleep = delay }: { now?: MonotonicClock; sleep?: (ms: number) => Promise<unknown> } = {},
  ) {
    this.policy = policy;
    this.now = now;
    this.sleep = sleep;
    this.savedMs = policy.burstMs;
    this.at = now();
  }

  /** Calls a piece of work that returns before anything else can run. */
  run<T>(piece: () => T): Promise<T> {
    return this.oneByOne(async () => {
      this.save();
      if (this.savedMs < 0) await this.sleep(Math.ceil(-this.savedMs / this.policy.share));
      const begin = this.now();
      try {
        return piece();
      } finally {
        this.save();
        this.savedMs -= this.at - begin;
      }
    });
  }

  private save(): void {
    const now = this.now();
    this.savedMs = Math.min(this.policy.burstMs, this.savedMs + (now - this.at) * this.policy.share);
    this.at = now;
  }
}
