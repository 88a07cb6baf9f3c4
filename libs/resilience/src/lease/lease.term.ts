import type { MonotonicClock } from '../clock.ts';
import { leaseFenceOf, type LeaseFence } from './lease.fence.ts';
import { callMsOf, type LeasePolicy } from './lease.policy.ts';
import type { LeaseAnswer, ReleaseCall, RenewCall } from './lease.record.ts';

/**
 * Why a holder ends its term.
 * - `stopped`: somebody asked for it, or the work ended by itself;
 * - `late`: no renewal was acknowledged in time;
 * - `lost`: the store says that another has it;
 * - `outranked`: what the lease guards has a higher term.
 */
export type TermEnd = 'stopped' | 'late' | 'lost' | 'outranked';

export type TermStep =
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'call'; readonly call: RenewCall | ReleaseCall; readonly withinMs: number }
  | { readonly type: 'lead'; readonly term: LeaseTerm }
  | { readonly type: 'end'; readonly term: LeaseTerm; readonly why: TermEnd }
  | { readonly type: 'over' };

export interface TermOptions {
  term: number;
  claim: string;
  /** When the lease expires, by the clock of the store. */
  expiresAtMs: number;
  /** When the call that took it was sent, by the holder's monotonic clock. */
  sentAtMs: number;
}

/**
 * One term, as its holder goes through it: it begins the work, renews, ends the work, and gives the lease back when the work
 * has ended. A term that was once invalid is never valid again.
 */
export class LeaseTerm {
  readonly term: number;
  private readonly claim: string;
  private readonly policy: LeasePolicy;
  private readonly now: MonotonicClock;
  private validUntilMs: number;
  private expiresAtMs: number;
  private renewAtMs: number;
  private work: 'none' | 'running' | 'ended' = 'none';
  private ended: TermEnd | undefined;
  private isEndTold = false;
  private isReleaseSent = false;
  private isGivenBack = false;

  constructor(
    { term, claim, expiresAtMs, sentAtMs }: TermOptions,
    { policy, now }: { policy: LeasePolicy; now: MonotonicClock },
  ) {
    this.term = term;
    this.expiresAtMs = expiresAtMs;
    this.claim = claim;
    this.policy = policy;
    this.now = now;
    this.validUntilMs = sentAtMs + policy.renewMs;
    this.renewAtMs = sentAtMs + policy.retryMs;
  }

  /** Whether this process holds the lease, by its own clock. True also while the work ends because of a stop. */
  isValid(): boolean {
    return (this.ended === undefined || this.ended === 'stopped') && !this.isReleaseSent && this.leftMs > 0;
  }

  /** How much longer it is valid without another renewal, in milliseconds; 0 or less once it is not. */
  get leftMs(): number {
    return this.validUntilMs - this.now();
  }

  /** By the last answer of the store. */
  get fence(): LeaseFence {
    return leaseFenceOf(this.term, this.expiresAtMs, this.policy);
  }

  /** The holder goes on renewing until its work has ended, so that nobody begins meanwhile. */
  stop(): void {
    this.ended ??= 'stopped';
  }

  outranked(): void {
    if (this.ended === undefined || this.ended === 'stopped') this.ended = 'outranked';
  }

  workEnded(): void {
    this.work = 'ended';
    this.stop();
  }

  step(): TermStep {
    const isLate = this.leftMs <= 0;
    if (isLate && this.ended !== 'lost') this.ended = 'late';
    if (this.work === 'none' && this.ended === undefined) {
      this.work = 'running';
      return { type: 'lead', term: this };
    }
    if (this.work !== 'running') return this.giveBack();
    if (this.ended !== undefined && !this.isEndTold) {
      this.isEndTold = true;
      return { type: 'end', term: this, why: this.ended };
    }
    // The work goes on although the lease is over. Nothing may be done with the lease until it has ended.
    if (isLate || this.ended === 'lost') return { type: 'wait', ms: Infinity };
    const waitMs = this.renewAtMs - this.now();
    if (waitMs > 0) return { type: 'wait', ms: Math.min(waitMs, this.leftMs) };
    const withinMs = Math.min(callMsOf(this.policy), this.leftMs);
    return { type: 'call', call: { type: 'renew', claim: this.claim, term: this.term }, withinMs };
  }

  /** @param sentAtMs when the renewal was sent: the time of the holder counts from there, not from the answer */
  renewed(answer: LeaseAnswer, sentAtMs: number): void {
    // Not before the next turn of the retries, however soon it failed.
    this.renewAtMs = sentAtMs + this.policy.retryMs;
    if (answer.type === 'unknown') return;
    const { term, claim, expiresAtMs } = answer.record ?? {};
    if (term !== this.term || claim !== this.claim) this.ended = 'lost';
    else if (this.leftMs > 0) {
      this.validUntilMs = sentAtMs + this.policy.renewMs;
      this.expiresAtMs = expiresAtMs ?? this.expiresAtMs;
    }
  }

  released(): void {
    this.isGivenBack = true;
  }

  private giveBack(): TermStep {
    if (this.ended === 'lost' || this.isGivenBack) return { type: 'over' };
    // From now on another may begin, although the answer may take long.
    this.isReleaseSent = true;
    const end = this.ended === 'stopped' ? 'released' : 'stepped-down';
    const call = { type: 'release', claim: this.claim, term: this.term, end } as const;
    return { type: 'call', call, withinMs: callMsOf(this.policy) };
  }
}
