import { monotonicNow, type MonotonicClock } from './clock.ts';

export interface BudgetPolicy {
  /** What is spent: bytes, or milliseconds of work. */
  type: 'bytes' | 'time';
  perMs: number;
  /** What may be spent at once after a quiet time. */
  burst: number;
}

/** Bytes or work by time: what is spent beyond the budget is a debt, which must be over before more is spent. */
export class Budget {
  private readonly policy: BudgetPolicy;
  private readonly now: MonotonicClock;
  private left: number;
  private at: number;

  constructor(policy: BudgetPolicy, now: MonotonicClock = monotonicNow) {
    this.policy = policy;
    this.now = now;
    this.left = policy.burst;
    this.at = now();
  }

  spend(amount: number): void {
    const now = this.now();
    const { perMs, burst } = this.policy;
    this.left = Math.min(burst, this.left + (now - this.at) * perMs) - amount;
    this.at = now;
  }

  /** How long the debt lasts, in milliseconds; 0: there is none. */
  get debtMs(): number {
    return Math.max(0, -this.left / this.policy.perMs - (this.now() - this.at));
  }
}
