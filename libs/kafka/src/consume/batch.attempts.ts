import type { EachBatchPayload } from 'kafkajs';
import { backoffMs, type BackoffPolicy } from '@wiber/resilience';
import type { PendingCommit } from './batch.commit.ts';
import type { BatchOutcome, ConsumedRecord, GivenUp, LogBatch, Rejection } from './batch.outcome.ts';
import type { LogLine } from '../client/kafka.client.ts';

/** This member's place in the group, as of its last join. */
export interface Membership {
  generation: number;
  owns(topic: string, partition: number): boolean;
}

export interface RetryPolicy {
  type: 'retry';
  backoff: BackoffPolicy;
  /** How often what fails for no known reason is tried. What is unavailable is tried for as long as it takes. */
  triesOfFailed: number;
}

export interface AttemptPorts {
  /** Hands a batch over, perhaps together with those of other partitions. */
  ask: (batch: LogBatch) => Promise<BatchOutcome>;
  /** Hands over exactly this. */
  askAlone: (batch: LogBatch) => Promise<BatchOutcome>;
  /** Resolves once every in-sync replica has the dead letter; undefined where nothing may become one. */
  giveUp: ((givenUp: GivenUp) => Promise<void>) | undefined;
  commit: (pending: PendingCommit) => Promise<void>;
  /** Takes over what goes on after the batch was handed back to kafkajs. It never rejects. */
  setAside: (work: Promise<void>) => void;
  membership: () => Membership;
  isStopping: () => boolean;
  policy: RetryPolicy;
  heartbeatMs: number;
  log: LogLine;
}

/** Dead letters that are under way at once: fewer than a lane holds. */
const GIVEN_UP_AT_ONCE = 500;

/**
 * Hands a batch over until each record is stored or a dead letter, then commits it; leaves it uncommitted, to come again
 * to whoever gets its partition, when the group rebalances or this consumer stops.
 *
 * kafkajs fetches from a broker again only when every batch that it got there is done. So one that is not done at the first
 * try is set aside: its partition is paused, so that nothing of it is fetched and nothing overtakes it, and the
 * others go on.
 */
export const attemptBatch = async (payload: EachBatchPayload, ports: AttemptPorts): Promise<void> => {
  const { topic, partition } = payload.batch;
  const { generation, owns } = ports.membership();
  if (!owns(topic, partition)) return;
  const attempt = new Attempt(payload, () => ports.membership().generation === generation, ports);
  const work = attempt.run();
  const inTime = await Promise.race([work.then(() => true), attempt.delayed.then(() => false)]);
  if (inTime) return;
  const resume = payload.pause();
  const ended = work.catch((error: unknown) => {
    ports.log('warn', 'a batch that was set aside is left; it is read again', { topic, partition, error });
  });
  ports.setAside(ended.finally(resume));
};

/** What a record was rejected for, and how often it was handed over until then. */
type Rejected = Rejection & { attempts: number };

/** `left`: the group or this process no longer goes on with the batch. */
type Verdict =
  { type: 'done'; rejected: Rejected[] } | { type: 'failed'; cause: unknown; attempts: number } | { type: 'left' };

class Attempt {
  private readonly payload: EachBatchPayload;
  private readonly isOurs: () => boolean;
  private readonly ports: AttemptPorts;
  private note: string | undefined;
  private delay: () => void = () => undefined;
  /** Resolves when the first try was not enough. */
  readonly delayed = new Promise<void>((resolve) => (this.delay = resolve));

  constructor(payload: EachBatchPayload, isOurs: () => boolean, ports: AttemptPorts) {
    this.payload = payload;
    this.isOurs = isOurs;
    this.ports = ports;
  }

  async run(): Promise<void> {
    const { payload, isOurs, ports } = this;
    const { topic, partition, messages } = payload.batch;
    const records = messages.map(({ offset, key, value, headers }): ConsumedRecord => {
      return { offset: Number(offset), key, value, headers: headers ?? {} };
    });
    // One slow write must not cost the membership. What a beat finds out, the heartbeat between tries or after the batch
    // finds out too: kafkajs counts only those that were answered.
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), ports.heartbeatMs);
    try {
      if (await this.finish({ topic, partition, records })) await ports.commit({ payload, isOurs, note: this.note });
    } finally {
      clearInterval(beat);
    }
  }

  /** True once each record is stored or a dead letter. */
  private async finish(batch: LogBatch): Promise<boolean> {
    let verdict = await this.handle(batch, this.ports.ask, 1);
    // It may have failed for a record of another partition that was handed over with it.
    if (verdict.type === 'failed') verdict = await this.handleAlone(batch, this.triesOfFailed);
    return verdict.type === 'done' && this.giveUp(batch, verdict.rejected);
  }

  private get goesOn(): boolean {
    return this.payload.isRunning() && this.isOurs();
  }

  /** Where nothing may become a dead letter, what fails is tried for ever. */
  private get triesOfFailed(): number {
    return this.ports.giveUp ? this.ports.policy.triesOfFailed : Infinity;
  }

  private async handle(batch: LogBatch, ask: AttemptPorts['ask'], tries: number): Promise<Verdict> {
    let failures = 0;
    for (let attempts = 1; this.goesOn; attempts += 1) {
      const outcome = await ask(batch);
      if (outcome.type === 'done') {
        this.note = outcome.note ?? this.note;
        return { type: 'done', rejected: ofThis(batch, outcome.rejected, attempts) };
      }
      if (outcome.type === 'failed' && (failures += 1) >= tries) return { ...outcome, attempts };
      await this.waitAfter(attempts, outcome);
    }
    return { type: 'left' };
  }

  /** Halves what fails, in its order, until it is a single record; that has all the tries. */
  private async handleAlone(batch: LogBatch, tries: number): Promise<Verdict> {
    const { records } = batch;
    const verdict = await this.handle(batch, this.ports.askAlone, tries);
    if (verdict.type !== 'failed') return verdict;
    if (records.length === 1) return { type: 'done', rejected: [this.blame(batch, verdict)] };
    const middle = Math.ceil(records.length / 2);
    const rejected: Rejected[] = [];
    for (const half of [records.slice(0, middle), records.slice(middle)]) {
      const of = await this.handleAlone({ ...batch, records: half }, half.length === 1 ? this.triesOfFailed : 1);
      if (of.type !== 'done') return of;
      rejected.push(...of.rejected);
    }
    return { type: 'done', rejected };
  }

  private blame({ partition, records }: LogBatch, { cause, attempts }: Verdict & { type: 'failed' }): Rejected {
    const { offset } = records[0]!;
    this.ports.log('error', 'the handler fails for a record; it becomes a dead letter', {
      partition,
      offset,
      attempts,
      error: cause,
    });
    return { partition, offset, reason: 'handler_error', error: textOf(cause), attempts };
  }

  /** Resolves to whether all of them are dead letters that every in-sync replica has. */
  private async giveUp({ topic, records }: LogBatch, rejected: Rejected[]): Promise<boolean> {
    const byOffset = new Map(records.map((record) => [record.offset, record]));
    let left = rejected.map((letter): GivenUp => ({
      letter: { topic, ...letter },
      record: byOffset.get(letter.offset)!,
    }));
    for (let attempt = 1; left.length > 0 && this.goesOn; attempt += 1) {
      const { refused, cause } = await this.publish(left);
      left = refused;
      if (left.length > 0) await this.waitAfter(attempt, { type: 'unavailable', cause });
    }
    return left.length === 0;
  }

  private async publish(letters: GivenUp[]): Promise<{ refused: GivenUp[]; cause?: unknown }> {
    const { giveUp } = this.ports;
    if (!giveUp) return { refused: letters, cause: new Error('nothing of this topic may become a dead letter') };
    for (let at = 0; at < letters.length; at += GIVEN_UP_AT_ONCE) {
      const chunk = letters.slice(at, at + GIVEN_UP_AT_ONCE);
      const settled = await Promise.allSettled(chunk.map((one) => giveUp(one)));
      const failure = settled.find((one) => one.status === 'rejected');
      if (!failure) continue;
      const refused = chunk.filter((_, index) => settled[index]?.status === 'rejected');
      return { refused: [...refused, ...letters.slice(at + chunk.length)], cause: failure.reason };
    }
    return { refused: [] };
  }

  private async waitAfter(attempt: number, { type, cause }: Exclude<BatchOutcome, { type: 'done' }>): Promise<void> {
    const { log, policy, isStopping } = this.ports;
    this.delay();
    const { topic, partition } = this.payload.batch;
    log(type === 'failed' ? 'error' : 'warn', `the batch is ${type}; it is tried again`, {
      topic,
      partition,
      attempt,
      error: cause,
    });
    await pauseFor(backoffMs(policy.backoff, attempt - 1, Math.random), isStopping);
    // Throws when the group rebalances.
    await this.payload.heartbeat();
  }
}

/** A set may hold batches of other partitions: their rejections are theirs to see to. */
const ofThis = ({ partition }: LogBatch, rejected: Rejection[], attempts: number): Rejected[] =>
  rejected.filter((one) => one.partition === partition).map((one) => ({ ...one, attempts }));

const textOf = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));

/** Ends early when the server is stopping. */
export const pauseFor = async (ms: number, isStopping: () => boolean): Promise<void> => {
  const until = Date.now() + ms;
  while (!isStopping() && Date.now() < until) await new Promise<void>((resolve) => setTimeout(resolve, 50));
};
