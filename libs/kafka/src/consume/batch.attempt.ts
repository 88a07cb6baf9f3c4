import type { LogLine } from '../client/log.line.ts';
import type { BatchOutcome, LogBatch, Rejection } from './batch.outcome.ts';
import type { ConsumedBatch } from './consumed.batch.ts';
import type { BatchHandler } from './gathering.handler.ts';
import type { LamportNotes } from './lamport.notes.ts';
import type { RetryWait } from './retry.wait.ts';

/** A rejection, and how often the handler was called with the record. */
export type CountedRejection = Rejection & { attempts: number };

/** `abandoned`: the partition was lost or the consumer stops, so the batch stays uncommitted and is fetched again. */
export type AttemptResult =
  { type: 'done'; rejected: CountedRejection[]; note: string | undefined } | { type: 'abandoned' };

type Verdict = { type: 'done'; rejected: CountedRejection[] } | Failure | { type: 'abandoned' };
interface Failure {
  type: 'failed';
  cause: unknown;
  attempts: number;
}

/** So often a server is asked for the note of a batch: for half a minute. A batch without one is committed in the end. */
const NOTE_ATTEMPTS = 30;
const NO_NOTE =
  'the largest Lamport time of a partition is not known, so its offset is committed without it; a gateway that starts goes ' +
  'on behind the last stored messages';

export interface AttemptOptions {
  consumed: ConsumedBatch;
  handler: BatchHandler;
  retries: RetryWait;
  /** Writes the notes; without it the handler's own note is committed. */
  notes?: Pick<LamportNotes, 'noteOf'> | undefined;
  /** Attempts of a record whose handler throws; Infinity where a record must not become a dead letter. */
  maxFailures: number;
  log: LogLine;
}

/** Calls the handler until each record of one batch is stored or rejected. */
export class BatchAttempt {
  private readonly options: AttemptOptions;
  private note: string | undefined;
  private lamport = 0;

  constructor(options: AttemptOptions) {
    this.options = options;
  }

  async run(): Promise<AttemptResult> {
    const { consumed, handler } = this.options;
    let verdict = await this.handle(consumed.batch, (batch) => handler.handle(batch), 1);
    // The cause may be a record of another partition that was handled in the same call.
    if (verdict.type === 'failed') verdict = await this.isolate(consumed.batch, this.options.maxFailures);
    return verdict.type === 'done' ? this.noted(verdict.rejected) : { type: 'abandoned' };
  }

  /**
   * Repeats the question for the note: a member that has just got the partition may need it from a broker that is away. A
   * member that stops asks once, because what it has stored is still to be committed.
   */
  private async noted(rejected: CountedRejection[]): Promise<AttemptResult> {
    const { consumed, notes, retries, log } = this.options;
    if (!notes) return { type: 'done', rejected, note: this.note };
    for (let attempts = 1; ; attempts += 1) {
      try {
        const note = await notes.noteOf(consumed, { time: this.note, lamport: this.lamport });
        return { type: 'done', rejected, note };
      } catch (cause) {
        if (!consumed.mayContinue) return { type: 'abandoned' };
        if (attempts < NOTE_ATTEMPTS) await retries.waitAfter(attempts, { type: 'unavailable', cause });
        else {
          const { topic, partition } = consumed.batch;
          log('warn', NO_NOTE, { topic, partition, error: cause });
          return { type: 'done', rejected, note: this.note };
        }
      }
    }
  }

  /** Repeats the call while the store is unavailable, and until it failed `maxFailures` times. */
  private async handle(batch: LogBatch, call: BatchHandler['handle'], maxFailures: number): Promise<Verdict> {
    const { consumed, retries } = this.options;
    let failures = 0;
    for (let attempts = 1; consumed.mayContinue; attempts += 1) {
      const outcome = await call(batch);
      if (outcome.type === 'done') return this.accept(batch, outcome, attempts);
      if (outcome.type === 'failed' && (failures += 1) >= maxFailures) return { ...outcome, attempts };
      await retries.waitAfter(attempts, outcome);
    }
    return { type: 'abandoned' };
  }

  /** The outcome may be for batches of several partitions; their rejections are left to their own attempts. */
  private accept(batch: LogBatch, outcome: BatchOutcome & { type: 'done' }, attempts: number): Verdict {
    this.note = outcome.note ?? this.note;
    this.lamport = Math.max(this.lamport, outcome.lamports?.get(batch.partition) ?? 0);
    const own = outcome.rejected.filter(({ partition }) => partition === batch.partition);
    return { type: 'done', rejected: own.map((rejection) => ({ ...rejection, attempts })) };
  }

  /** Halves a failing batch, in order, until a single record fails. A half gets one attempt, a single record gets all. */
  private async isolate(batch: LogBatch, maxFailures: number): Promise<Verdict> {
    const { records } = batch;
    const { handler } = this.options;
    const verdict = await this.handle(batch, (half) => handler.handleAlone(half), maxFailures);
    if (verdict.type !== 'failed') return verdict;
    if (records.length === 1) return { type: 'done', rejected: [this.reject(batch, verdict)] };
    const middle = Math.ceil(records.length / 2);
    const rejected: CountedRejection[] = [];
    for (const half of [records.slice(0, middle), records.slice(middle)]) {
      const result = await this.isolate({ ...batch, records: half }, half.length === 1 ? this.options.maxFailures : 1);
      if (result.type !== 'done') return result;
      rejected.push(...result.rejected);
    }
    return { type: 'done', rejected };
  }

  private reject({ topic, partition, records }: LogBatch, { cause, attempts }: Failure): CountedRejection {
    const { offset } = records[0]!;
    const detail = { topic, partition, offset, attempts, error: cause };
    this.options.log('error', 'the handler fails for one record; it becomes a dead letter', detail);
    return { partition, offset, reason: 'handler_error', error: textOf(cause), attempts };
  }
}

const textOf = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
