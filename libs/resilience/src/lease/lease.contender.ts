import { LeaseFollower, type FollowerPorts } from './lease.follower.ts';
import { checkedLeasePolicy } from './lease.policy.ts';
import type { LeaseAnswer, LeaseCall, LeaseRecord } from './lease.record.ts';
import { LeaseTerm, type TermEnd } from './lease.term.ts';

export type ContenderPorts = FollowerPorts;

/**
 * What a contender does next.
 * - `wait`: nothing for so long, or until something happens;
 * - `call`: asks the store, gives up after `withinMs`, and tells the answer to `answered`;
 * - `lead`: begins the guarded work; `workEnded` tells when it has ended;
 * - `end`: tells the work to end;
 * - `stopped`: nothing, for ever.
 */
export type LeaseStep =
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'call'; readonly call: LeaseCall; readonly withinMs: number }
  | { readonly type: 'lead'; readonly term: LeaseTerm }
  | { readonly type: 'end'; readonly term: LeaseTerm; readonly why: TermEnd }
  | { readonly type: 'stopped' };

/**
 * One process that wants a lease, as a state machine without timers and I/O. `step` says what to do next; the caller does it,
 * tells what came of it, and asks again. At most one call is under way.
 */
export class LeaseContender {
  private readonly ports: ContenderPorts;
  private readonly follower: LeaseFollower;
  private held: LeaseTerm | undefined;
  private isStopping = false;
  private underWay: { call: LeaseCall; sentAtMs: number } | undefined;

  /** @throws LeasePolicyError when the policy can't work */
  constructor(ports: ContenderPorts) {
    checkedLeasePolicy(ports.policy);
    this.ports = ports;
    this.follower = new LeaseFollower(ports);
  }

  /** The term that this process holds, or whose work it still ends. */
  get term(): LeaseTerm | undefined {
    return this.held;
  }

  /** Gives the lease back once the work has ended, and takes none any more. */
  stop(): void {
    this.isStopping = true;
    this.held?.stop();
  }

  workEnded(): void {
    this.held?.workEnded();
  }

  /** Something that is guarded has a higher term. The next take is over it, as when somebody has set the lease back. */
  outranked(term: LeaseTerm, by: number): void {
    if (by <= term.term) return;
    this.follower.passes(by);
    term.outranked();
  }

  step(): LeaseStep {
    if (this.underWay) throw new Error(`the contender waits for the answer to '${this.underWay.call.type}'`);
    let step = this.held?.step();
    if (step?.type === 'over') {
      this.held = undefined;
      step = undefined;
    }
    if (!step && this.isStopping) return { type: 'stopped' };
    const next = step ?? this.follower.step();
    // Before it is sent: what the holder does not know of the way there must not lengthen its time.
    if (next.type === 'call') this.underWay = { call: next.call, sentAtMs: this.ports.now() };
    return next;
  }

  /** Takes in what came of the call that `step` returned last. */
  answered(answer: LeaseAnswer): void {
    if (!this.underWay) throw new Error('the contender has asked nothing');
    const { call, sentAtMs } = this.underWay;
    this.underWay = undefined;
    if (call.type === 'renew') this.held?.renewed(answer, sentAtMs);
    else if (call.type === 'release') this.released(call.claim, answer);
    else if (call.type !== 'look' && answer.type === 'record' && answer.record?.claim === call.claim)
      this.take(answer.record, { claim: call.claim, sentAtMs });
    else this.follower.answered(call, answer);
  }

  private take({ term, expiresAtMs = 0 }: LeaseRecord, { claim, sentAtMs }: { claim: string; sentAtMs: number }): void {
    this.held = new LeaseTerm({ term, claim, expiresAtMs, sentAtMs }, this.ports);
    if (this.isStopping) this.held.stop();
    this.follower.held(term);
  }

  private released(claim: string, answer: LeaseAnswer): void {
    this.held?.released();
    this.follower.gaveBack(answer.type === 'unknown' ? claim : undefined);
  }
}
