import pLimit from 'p-limit';
import { ReadsOverloadedError } from './mongo.errors.ts';
import { POOLS } from './store.pools.ts';

/** How many costly reads may wait for their turn; the next one is refused. */
const WAITING_MAX = 32;

const busy = (): ReadsOverloadedError =>
  new ReadsOverloadedError('too many counts and deep skips are running; try again in 1 s', { retryAfterMs: 1000 });

/**
 * Runs as many costly reads at once as their pool has connections. The others wait here and not in the driver, where
 * waiting would look as if MongoDB did not answer.
 */
export class CostlyTurns {
  private readonly limit = pLimit(POOLS.costly);

  /** Calls `work` with the time that is left of `withinMs`. @throws ReadsOverloadedError when too many wait, or no turn comes in time */
  async run<T>(work: (leftMs: number) => Promise<T>, withinMs: number): Promise<T> {
    if (this.limit.pendingCount >= WAITING_MAX) throw busy();
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(busy());
      }, withinMs);
    });
    const turn = this.limit(() => {
      clearTimeout(timer);
      if (isLate) throw busy();
      return work(Math.max(1, Math.floor(withinMs - (performance.now() - began))));
    });
    return Promise.race([turn, late]);
  }
}
