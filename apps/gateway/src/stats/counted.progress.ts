import { Injectable } from '@nestjs/common';
import { monotonicNow } from '@wiber/resilience';
import { StatsReader, type Progress } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { statsPending } from './stats.pending.ts';

const { topic, readDeadlineMs: withinMs } = GATEWAY_ENV;

/** A leader counts about once a second, so a look is good for a part of it, in milliseconds. */
const FRESH_MS = 250;

/** How far the worker has counted. Any number of callers cost a few looks a second. */
@Injectable()
export class CountedProgress {
  private look: Promise<Progress | undefined> | undefined;
  private freshUntil = 0;

  constructor(private readonly reader: StatsReader) {}

  /** It never goes back. @throws ProblemError stats_pending; StoreUnavailableError */
  async read(): Promise<Progress> {
    if (this.look === undefined || monotonicNow() >= this.freshUntil) this.look = this.begin();
    const progress = await this.look;
    if (progress) return progress;
    throw statsPending(topic);
  }

  private begin(): Promise<Progress | undefined> {
    // Until the look has ended, everybody waits for it.
    this.freshUntil = Infinity;
    const look = this.reader.progress(topic, { withinMs });
    const end = (found: boolean) => (this.freshUntil = found ? monotonicNow() + FRESH_MS : 0);
    look.then(
      (progress) => end(progress !== undefined),
      () => end(false),
    );
    return look;
  }
}
