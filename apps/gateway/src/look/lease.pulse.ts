import type { LeaderLook } from '@wiber/contracts';
import type { ShownLease } from '@wiber/mongo';
import { monotonicNow, type MonotonicClock } from '@wiber/resilience';

/**
 * Who leads, by the renewals of the lease. The times in it are those of MongoDB's clock, which is not ours. So the lease
 * counts as expired when it was seen unchanged for as long as it lasts.
 */
export class LeasePulse {
  private readonly now: MonotonicClock;
  private renewedAt: number | undefined;
  private changedAt = 0;

  constructor(now: MonotonicClock = monotonicNow) {
    this.now = now;
  }

  /** @returns undefined while nobody leads */
  leaderOf({ holder }: ShownLease): LeaderLook | undefined {
    if (holder === undefined) return undefined;
    const { term, holder: name, since, renewedAt = since, expiresAt } = holder;
    if (renewedAt !== this.renewedAt) {
      this.renewedAt = renewedAt;
      this.changedAt = this.now();
    }
    const isExpired = this.now() - this.changedAt > Math.max(0, expiresAt - renewedAt);
    return isExpired ? undefined : { term, holder: name, since };
  }
}
