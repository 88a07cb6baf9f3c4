import type { MonotonicClock } from '../clock.ts';
import { LeaseObservation } from './lease.observation.ts';
import { callMsOf, type LeasePolicy } from './lease.policy.ts';
import type { AcquireCall, LeaseAnswer, LeaseCall, LeaseRecord, StealCall } from './lease.record.ts';

export interface FollowerPorts {
  policy: LeasePolicy;
  now: MonotonicClock;
  /** Uniform in [0, 1). */
  random: () => number;
  /** An id that no other take has had, of any process. */
  newClaim: () => string;
}

export type FollowerCall = AcquireCall | StealCall | { readonly type: 'look' };
export type FollowerStep =
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'call'; readonly call: FollowerCall; readonly withinMs: number };

/** A contender that does not hold the lease: it looks at it again and again, and takes it when it may. */
export class LeaseFollower {
  private readonly ports: FollowerPorts;
  private hasLooked = false;
  private observed: LeaseObservation | undefined;
  private highestTerm = 0;
  /** A take of this process whose outcome is unknown, or a term that it could not give back. It leads on neither. */
  private orphan: string | undefined;
  private nextMs = -Infinity;

  constructor(ports: FollowerPorts) {
    this.ports = ports;
  }

  step(): FollowerStep {
    const waitMs = this.nextMs - this.ports.now();
    if (waitMs > 0) return { type: 'wait', ms: waitMs };
    return { type: 'call', call: this.nextCall(), withinMs: callMsOf(this.ports.policy) };
  }

  /** Takes in an answer that did not make it the holder. */
  answered(call: LeaseCall, answer: LeaseAnswer): void {
    if (answer.type === 'record') this.observe(answer.record);
    else if ('claim' in call) this.orphan = call.claim;
    const mayTake = answer.type === 'record' && (!this.observed || this.mayTakeAtOnce(this.observed.record));
    if (call.type === 'look' && mayTake) this.nextMs = -Infinity;
    else this.rest();
  }

  /** Forgets what was seen before a term of its own. Then others have a chance first. */
  held(term: number): void {
    this.passes(term);
    this.hasLooked = false;
    this.observed = undefined;
    this.rest();
  }

  /** The next term of this process is over this one. */
  passes(term: number): void {
    this.highestTerm = Math.max(this.highestTerm, term);
  }

  /** After a term. @param orphan the claim of it, when it is not known whether the lease is free now */
  gaveBack(orphan: string | undefined): void {
    this.orphan = orphan ?? this.orphan;
    this.rest();
  }

  private observe(record: LeaseRecord | undefined): void {
    const now = this.ports.now();
    this.hasLooked = true;
    this.passes(record?.term ?? 0);
    if (!record) this.observed = undefined;
    else this.observed = this.observed?.next(record, now) ?? new LeaseObservation(record, now, this.ports.policy);
  }

  private mayTakeAtOnce({ claim }: LeaseRecord): boolean {
    return claim === undefined || claim === this.orphan;
  }

  private nextCall(): FollowerCall {
    if (!this.hasLooked) return { type: 'look' };
    const { observed } = this;
    const take = { claim: this.ports.newClaim(), above: this.highestTerm };
    if (!observed) return { type: 'acquire', ...take, seen: undefined };
    const { record } = observed;
    const seen = { term: record.term, beat: record.beat };
    const now = this.ports.now();
    if (record.claim === undefined) return { type: 'acquire', ...take, seen };
    if (record.claim === this.orphan) return { type: 'steal', ...take, seen, end: 'abandoned' };
    if (observed.isDead(now)) return { type: 'steal', ...take, seen, end: 'observed' };
    return observed.isOld(now) ? { type: 'acquire', ...take, seen } : { type: 'look' };
  }

  private rest(): void {
    const { policy, now, random } = this.ports;
    const nowMs = now();
    const waitMs = policy.retryMs * (1 + policy.jitter * random());
    this.nextMs = Math.min(nowMs + waitMs, this.observed?.nextChangeAfter(nowMs) ?? Infinity);
  }
}
