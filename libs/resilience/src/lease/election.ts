import { withDeadline } from '../deadline.ts';
import { delay } from '../delay.ts';
import type { Lead } from './lead.ts';
import { LeaseContender, type ContenderPorts, type LeaseStep } from './lease.contender.ts';
import type { LeaseCall, LeaseRecord } from './lease.record.ts';
import type { LeaseTerm, TermEnd } from './lease.term.ts';

/** Makes one call to the store of the lease, within so many milliseconds. Rejects when its outcome is not known. */
export type LeaseCaller = (call: LeaseCall, withinMs: number) => Promise<LeaseRecord | undefined>;

export interface ElectionEvents {
  leads: (term: number) => void;
  /** The work is told to end. */
  ends: (term: number, why: TermEnd) => void;
  workFailed: (term: number, error: unknown) => void;
  /** After each call. `error` is there when its outcome is unknown. */
  called: (call: LeaseCall, outcome: { ms: number; error?: unknown }) => void;
}

export interface ElectionPorts extends ContenderPorts {
  call: LeaseCaller;
  /** The guarded work of one term. The lease is given back only after it has settled. */
  work: (lead: Lead) => Promise<void>;
  events: ElectionEvents;
}

/** The longest time that a timer takes: setTimeout fires at once for more than 2^31 - 1 ms. */
const WAIT_MAX_MS = 2 ** 31 - 1;

/** Contends for a lease and does the guarded work while it holds it. It runs once, from `start` to `stop`. */
export class Election {
  private readonly ports: ElectionPorts;
  private readonly contender: LeaseContender;
  private wake = new AbortController();
  private work: AbortController | undefined;
  private running: Promise<void> | undefined;

  /** @throws LeasePolicyError when the policy can't work */
  constructor(ports: ElectionPorts) {
    this.ports = ports;
    this.contender = new LeaseContender(ports);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Tells the work to end, waits for it, and gives the lease back. Resolves then, also when the store is away. */
  async stop(): Promise<void> {
    this.contender.stop();
    this.work?.abort();
    this.wake.abort();
    await this.running;
  }

  /** The term that this process holds now; undefined when it does not lead. */
  get term(): LeaseTerm | undefined {
    const { term } = this.contender;
    return term?.isValid() ? term : undefined;
  }

  private async run(): Promise<void> {
    for (let step = this.contender.step(); step.type !== 'stopped'; step = this.contender.step())
      await this.perform(step);
  }

  private async perform(step: Exclude<LeaseStep, { type: 'stopped' }>): Promise<void> {
    switch (step.type) {
      case 'wait':
        return this.wait(step.ms);
      case 'call':
        return this.call(step.call, step.withinMs);
      case 'lead':
        return this.lead(step.term);
      case 'end':
        this.work?.abort();
        this.ports.events.ends(step.term.term, step.why);
    }
  }

  private async wait(ms: number): Promise<void> {
    await delay(Math.min(ms, WAIT_MAX_MS), this.wake.signal);
    this.wake = new AbortController();
  }

  private async call(call: LeaseCall, withinMs: number): Promise<void> {
    const { now, events } = this.ports;
    const sentAtMs = now();
    const outcome = await withDeadline(this.ports.call(call, withinMs), withinMs, 'the store of the lease').then(
      (record) => ({ record }),
      (error: unknown) => ({ error }),
    );
    const isKnown = 'record' in outcome;
    this.contender.answered(isKnown ? { type: 'record', record: outcome.record } : { type: 'unknown' });
    events.called(call, { ms: now() - sentAtMs, ...(isKnown ? {} : outcome) });
  }

  private lead(term: LeaseTerm): void {
    const work = new AbortController();
    this.work = work;
    this.ports.events.leads(term.term);
    const lead: Lead = {
      term: term.term,
      signal: work.signal,
      get fence() {
        return term.fence;
      },
      outranked: (by) => this.outranked(term, by),
      isValid: () => term.isValid(),
    };
    void this.doWork(lead);
  }

  private outranked(term: LeaseTerm, by: number): void {
    this.contender.outranked(term, by);
    this.wake.abort();
  }

  private async doWork(lead: Lead): Promise<void> {
    try {
      await this.ports.work(lead);
    } catch (error) {
      this.ports.events.workFailed(lead.term, error);
    }
    this.contender.workEnded();
    this.wake.abort();
  }
}
