import { Injectable } from '@nestjs/common';
import { ProblemError } from '@wiber/contracts';
import { Budget, DeadlineError, delay, monotonicNow, withDeadline } from '@wiber/resilience';
import { ReadTurns, StatsReader, readsOverloaded, type Progress, type ReadLimits } from '@wiber/mongo';
import { LRUCache } from 'lru-cache';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { CountedProgress } from './counted.progress.ts';

const { readDeadlineMs } = GATEWAY_ENV;

/** The caller of an answer waits so much longer than MongoDB may take for one read, so that it learns why, in milliseconds. */
const GRACE_MS = 500;
/** How long an answer may be made. What it has read is remembered, so the next try ends sooner. */
const MAKING_MS = 15_000;
/** A worker may add figures and then die before it says so: after this time an answer is made again. */
const KEPT_MS = 2000;
/** Answers that are kept. The largest have 150 kB. */
const KEPT_MAX = 64;
/** How long an answer that is not counted in rounds is good for others. */
const LOOK_MS = 250;
/** Answers that differ by what was asked are made apart from pages: few at once. */
const TURNS = {
  type: 'turns',
  atOnce: 2,
  waitingMax: 32,
  newError: () => readsOverloaded('too many different figures are asked for at once; try again in 1 s'),
} as const;

/** All answers together have this share of what a gateway writes; small ones are not counted. */
const BYTES = { type: 'bytes', perMs: 20_000, burst: 2_000_000 } as const;
const SMALL_BYTES = 4096;

export interface Asked {
  /** Equal names stand for equal answers, as far as the worker has counted. */
  nameAt: (progress: Progress) => string;
  /** Where there are so many names that their answers must take turns: with whom. Operators do not wait for others. */
  turns?: 'all' | 'operators';
}

/** Makes an answer. `limits` gives each read its time. */
export type MakeAnswer = (progress: Progress, limits: ReadLimits) => Promise<unknown>;

/** An answer, and the state of the figures that it shows: the time of the last count. Absent: it is good for LOOK_MS. */
type Named = Pick<Asked, 'turns'> & { name: string; countedAt?: number };

interface Kept {
  countedAt: number | undefined;
  until: number;
  json: Promise<Buffer>;
}

/**
 * The one owner of what answers of figures cost. Nothing changes between two counts of the worker, so equal questions have
 * one answer until then. An answer is never older than one that anybody had before.
 */
@Injectable()
export class StatsAnswers {
  private readonly turns = { all: new ReadTurns(TURNS), operators: new ReadTurns(TURNS) };
  private readonly bytes = new Budget(BYTES);
  private readonly kept = new LRUCache<string, Kept>({ max: KEPT_MAX });

  constructor(
    private readonly reader: StatsReader,
    private readonly progress: CountedProgress,
  ) {}

  /**
   * The answer as JSON, in UTF-8.
   * @throws ProblemError stats_pending, reads_overloaded; StoreUnavailableError, ReadsOverloadedError
   */
  async json({ nameAt, ...asked }: Asked, make: MakeAnswer): Promise<Buffer> {
    const progress = await this.progress.read();
    const named = { ...asked, name: nameAt(progress), countedAt: progress.at };
    return this.given(named, (limits) => make(progress, limits));
  }

  /**
   * As `json`, for what is not counted in rounds: there is one such answer of a name, and it has no turns to wait for.
   * @throws ProblemError reads_overloaded; what `make` throws
   */
  look(name: string, make: (limits: ReadLimits) => Promise<unknown>): Promise<Buffer> {
    return this.given({ name }, make);
  }

  private async given(named: Named, make: (limits: ReadLimits) => Promise<unknown>): Promise<Buffer> {
    const json = this.keptFor(named) ?? this.begin(named, make);
    try {
      return await this.paid(await withDeadline(json, readDeadlineMs + GRACE_MS, 'figures'));
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      const detail = 'these figures are being read, which takes longer than this call may; try again in 1 s';
      throw new ProblemError('reads_overloaded', detail, { retryAfterS: 1, cause: error });
    }
  }

  /** Large answers wait until those before them have had the time that their bytes take. */
  private async paid(json: Buffer): Promise<Buffer> {
    if (json.length <= SMALL_BYTES) return json;
    const { debtMs } = this.bytes;
    if (debtMs > readDeadlineMs)
      throw readsOverloaded(
        'too many large answers of figures are asked for; try again in 1 s, or ask for fewer windows',
      );
    this.bytes.spend(json.length);
    if (debtMs > 0) await delay(debtMs);
    return json;
  }

  private keptFor({ name, countedAt }: Named): Promise<Buffer> | undefined {
    const kept = this.kept.get(name);
    return kept && kept.countedAt === countedAt && monotonicNow() < kept.until ? kept.json : undefined;
  }

  private begin({ name, turns, countedAt }: Named, make: (limits: ReadLimits) => Promise<unknown>): Promise<Buffer> {
    const work = async () => {
      const answer = await make(limitsOfReads());
      // Bytes, which all answers share.
      return this.reader.work(() => Buffer.from(JSON.stringify(answer)));
    };
    const json = turns ? this.turns[turns].run(work, readDeadlineMs) : work();
    const kept: Kept = { countedAt, until: Infinity, json };
    this.kept.set(name, kept);
    json.then(
      () => (kept.until = monotonicNow() + (countedAt === undefined ? LOOK_MS : KEPT_MS)),
      () => (kept.until = 0),
    );
    return json;
  }
}

/** Each read has the time of a read; all of them together have that of the answer. */
const limitsOfReads = (): ReadLimits => {
  const end = monotonicNow() + MAKING_MS;
  return {
    get withinMs() {
      const leftMs = Math.floor(end - monotonicNow());
      if (leftMs < 1) throw readsOverloaded('these figures took too long to read; ask for fewer windows');
      return Math.min(readDeadlineMs, leftMs);
    },
  };
};
