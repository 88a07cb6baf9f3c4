import { randomUUID } from 'node:crypto';
import { wallNow } from '@wiber/contracts';
import {
  LeaseContender,
  type LeaseFence,
  type LeaseCall,
  type LeasePolicy,
  type LeaseRecord,
  type LeaseStep,
} from '@wiber/resilience';
import type { mongo } from 'mongoose';
import type { LeaseDocument } from './lease.schema.ts';
import type { LeaseStore } from './lease.store.ts';

/** An hour, so that the seconds that a schedule really takes are nothing beside it: time passes only as the schedule says. */
export const TTL_MS = 3_600_000;
export const POLICY: LeasePolicy = {
  type: 'lease',
  ttlMs: TTL_MS,
  renewMs: TTL_MS * 0.625,
  retryMs: TTL_MS * 0.2,
  jitter: 0.2,
};
/** Monotonic clocks begin anywhere and are a little too fast or too slow. */
const CLOCKS = [
  { startMs: 0, rate: 1 },
  { startMs: 5e9, rate: 1.05 },
  { startMs: 7e5, rate: 0.95 },
];
export const CONTENDERS = CLOCKS.length;

type Request = Exclude<LeaseCall, { type: 'look' }> | { readonly type: 'look' };

interface UnderWay {
  request: Request;
  /** What the store answered; absent while it has not got the request. */
  reply?: { record: LeaseRecord | undefined };
}

/** One process: its contender, what it has sent, and whether its guarded work runs. */
interface Process {
  contender: LeaseContender;
  underWay: UnderWay | undefined;
  works: 'no' | 'yes' | 'told-to-end';
  isStopped: boolean;
}

/**
 * Contenders with clocks of their own, over a real lease in a real mongod. The schedule decides when requests reach the store,
 * when answers reach the processes, and how time passes.
 */
export class LeaseWorld {
  readonly name = randomUUID();
  readonly processes: Process[] = [];
  highestTerm = 0;
  private nowMs = 0;
  /** How far the clock of the server, as the schedule sets it, is ahead of the one that it really has. */
  private aheadMs = 0;
  private jumpsBack = 0;
  /** By the expiry that an answer said: how often the clock of the server had jumped back by then. */
  private readonly jumpsAt = new Map<number, number>();
  /** By term: the last fence that its holder had. */
  private readonly fences = new Map<number, LeaseFence>();
  /** Terms whose work has ended: nothing is written in them any more. */
  private readonly workedOut = new Set<number>();
  /** Requests whose sender has given up and that the store has not got yet. */
  private readonly late: Request[] = [];
  private readonly store: LeaseStore;
  private readonly leases: mongo.Collection<LeaseDocument>;

  constructor(store: LeaseStore, leases: mongo.Collection<LeaseDocument>) {
    this.store = store;
    this.leases = leases;
    CLOCKS.forEach((_, index) => this.restart(index));
  }

  /** As kill -9 and a new start do. */
  restart(index: number): void {
    this.giveUp(index);
    const { startMs, rate } = CLOCKS[index]!;
    const contender = new LeaseContender({
      policy: POLICY,
      now: () => startMs + this.nowMs * rate,
      random: Math.random,
      newClaim: randomUUID,
    });
    this.processes[index] = { contender, underWay: undefined, works: 'no', isStopped: false };
  }

  stop(index: number): void {
    const process = this.processes[index]!;
    process.isStopped = true;
    process.contender.stop();
  }

  /** Time passes for every process and for the server. */
  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.setServerClock(ms);
  }

  /** As a failover to a primary whose clock is `ms` ahead: what was to come may have passed. */
  async setServerClock(ms: number): Promise<void> {
    this.aheadMs += ms;
    if (ms < 0) this.jumpsBack += 1;
    await this.leases.updateOne({ _id: this.name, expiresAt: { $exists: true } }, { $inc: { expiresAt: -ms } });
  }

  /** The next step of a process, in which it may send a request. The store has not got it yet. */
  send(index: number): LeaseStep['type'] | 'busy' {
    const process = this.processes[index]!;
    if (process.underWay) return 'busy';
    const step = process.contender.step();
    if (step.type === 'call') process.underWay = { request: step.call };
    if (step.type === 'lead') process.works = 'yes';
    if (step.type === 'end') process.works = 'told-to-end';
    return step.type;
  }

  /** The store gets what a process has sent. */
  async reach(index: number): Promise<void> {
    const { underWay, works } = this.processes[index]!;
    if (!underWay || underWay.reply) return;
    if (underWay.request.type === 'release' && works !== 'no') throw new Error('released before its work had ended');
    underWay.reply = { record: await this.execute(underWay.request) };
  }

  /** The process gets the answer, when there is one. */
  deliver(index: number): void {
    const process = this.processes[index]!;
    if (!process.underWay?.reply) return;
    const { reply } = process.underWay;
    process.underWay = undefined;
    process.contender.answered({ type: 'record', record: reply.record });
  }

  /** The process gives up waiting. The store may get the request later. */
  lose(index: number): void {
    if (this.giveUp(index)) this.processes[index]!.contender.answered({ type: 'unknown' });
  }

  /** The store does what a process asks, and the process does not learn of it. */
  async callUnheard(index: number): Promise<void> {
    this.send(index);
    await this.reach(index);
    this.lose(index);
  }

  /** The store gets a request whose sender has given up. */
  async reachLate(index: number): Promise<void> {
    const [request] = this.late.splice(index % Math.max(1, this.late.length), 1);
    if (request) await this.execute(request);
  }

  endWork(index: number): void {
    const process = this.processes[index]!;
    if (process.works === 'no') return;
    process.works = 'no';
    if (process.contender.term) this.workedOut.add(process.contender.term.term);
    process.contender.workEnded();
  }

  /** The answer to a process takes so long. Meanwhile another one goes on. */
  async answerLate(index: number, ms: number): Promise<void> {
    const other = (index + 1) % CONTENDERS;
    this.send(index);
    await this.reach(index);
    await this.live(other);
    await this.pass(ms);
    await this.live(other);
    this.deliver(index);
  }

  /** The work of a process ends by itself, so it gives the lease back. */
  async giveBack(index: number): Promise<void> {
    this.endWork(index);
    await this.live(index);
  }

  /** A process goes on, with a store that answers at once, until it has to wait. */
  async live(index: number): Promise<void> {
    await this.reach(index);
    this.deliver(index);
    for (let step = this.send(index); step === 'call' || step === 'lead' || step === 'end'; step = this.send(index)) {
      await this.reach(index);
      this.deliver(index);
    }
  }

  document(): Promise<LeaseDocument | null> {
    return this.leases.findOne({ _id: this.name });
  }

  /** @throws Error when more than one leads, or one leads or has an open fence after a higher term has begun */
  check(): void {
    this.checkFences();
    const valid = this.processes.flatMap(({ contender }) => (contender.term?.isValid() ? [contender.term.term] : []));
    if (valid.length > 1) throw new Error(`${valid.length} processes lead, in the terms ${valid.join(', ')}`);
    if (valid.some((term) => term !== this.highestTerm))
      throw new Error(`a process leads in term ${valid.join()} although the term ${this.highestTerm} has begun`);
  }

  /** A clock that jumps back may open a fence again. Then only the terms of the documents count. */
  private checkFences(): void {
    for (const { contender, works } of this.processes)
      if (contender.term && works !== 'no') this.fences.set(contender.term.term, contender.term.fence);
    const now = wallNow() + this.aheadMs;
    for (const [term, { renewedAtMs, beginByMs, expiresAtMs }] of this.fences) {
      if (term >= this.highestTerm || this.workedOut.has(term)) continue;
      if (this.jumpsAt.get(expiresAtMs) === this.jumpsBack && now >= renewedAtMs && now < beginByMs)
        throw new Error(`a write of the term ${term} would pass although the term ${this.highestTerm} has begun`);
    }
  }

  private giveUp(index: number): boolean {
    const process = this.processes[index];
    if (!process?.underWay) return false;
    if (!process.underWay.reply) this.late.push(process.underWay.request);
    process.underWay = undefined;
    return true;
  }

  private async execute(request: Request): Promise<LeaseRecord | undefined> {
    const record = await this.store.call(this.name, request, { holder: 'spec', ttlMs: TTL_MS, withinMs: 20_000 });
    if (!record && this.highestTerm > 0) throw new Error(`the lease is gone after its term ${this.highestTerm}`);
    const term = record?.term ?? 0;
    if (term < this.highestTerm) throw new Error(`the term went back from ${this.highestTerm} to ${term}`);
    this.highestTerm = term;
    if (record?.expiresAtMs === undefined) return record;
    const expiresAtMs = record.expiresAtMs + this.aheadMs;
    // Whoever looks later sees the same expiry: it is that of the renewal.
    if (!this.jumpsAt.has(expiresAtMs)) this.jumpsAt.set(expiresAtMs, this.jumpsBack);
    return { ...record, expiresAtMs };
  }
}
