import pLimit from 'p-limit';
import type { StoreUnavailableError } from './mongo.errors.ts';

export interface TurnsPolicy {
  type: 'turns';
  /** Reads that run at once. */
  atOnce: number;
  /** Reads that may wait for their turn; the next one is refused. */
  waitingMax: number;
  /** The error of a read that got no turn. */
  newError: () => StoreUnavailableError;
}

/**
 * Runs a bounded number of reads at once. The others wait here and not in the driver, where waiting would look as if
 * MongoDB did not answer.
 */
export class ReadTurns {
  private readonly policy: TurnsPolicy;
  private readonly limit: ReturnType<typeof pLimit>;

  constructor(policy: TurnsPolicy) {
    this.policy = policy;
    this.limit = pLimit(policy.atOnce);
  }

  /** Whether the next read must wait. */
  get isFull(): boolean {
    return this.limit.activeCount + this.limit.pendingCount >= this.policy.atOnce;
  }

  /**
   * Calls `work` with the time that is left of `withinMs`. The turn ends when `work` settles.
   * @throws the policy's error when too many wait, or no turn comes in time
   */
  async run<T>(work: (leftMs: number) => Promise<T>, withinMs: number): Promise<T> {
    if (this.limit.pendingCount >= this.policy.waitingMax) throw this.policy.newError();
    // The usual read has its turn at once, and needs no timer.
    if (!this.isFull) return this.limit(() => work(withinMs));
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(this.policy.newError());
      }, withinMs);
    });
    const turn = this.limit(() => {
      clearTimeout(timer);
      if (isLate) throw this.policy.newError();
      return work(Math.max(1, Math.floor(withinMs - (performance.now() - began))));
    });
    return Promise.race([turn, late]);
  }
}
