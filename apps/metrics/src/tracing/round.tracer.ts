import { wallNow, type Stream } from '@wiber/contracts';
import { ATTRIBUTE, type SpanStart, type Tracing } from '@wiber/observability';
import { monotonicNow } from '@wiber/resilience';
import { FailureRow, errorName } from './failure.row.ts';

/** What a round tells its tracer. */
export interface RoundTrace {
  /** Counts one stream. */
  stream: <T>(stream: Stream, work: () => Promise<T>) => Promise<T>;
  /** Writes how far everything is counted. */
  write: <T>(work: () => Promise<T>) => Promise<T>;
  /** The round has found something new. @param offsets reads by how many offsets each stream has moved on */
  found: (offsets: () => ReadonlyMap<Stream, number>) => void;
  /** Without it the round has no span. @param error why the round failed */
  end: (error?: unknown) => void;
}

export interface TracedRounds {
  tracing: Tracing;
  /** The topic whose records are counted. */
  topic: string;
  /** The collection that says how far they are counted. */
  progress: string;
}

interface Step {
  name: string;
  kind: SpanStart['kind'];
  attributes: NonNullable<SpanStart['attributes']>;
  /** Milliseconds since the begin of the round. */
  from: number;
  to: number;
  error: string | undefined;
}

const UNTRACED: RoundTrace = Object.freeze({
  stream: (_: Stream, work) => work(),
  write: (work) => work(),
  found: () => undefined,
  end: () => undefined,
} satisfies RoundTrace);

/**
 * Gives each round of counting a span, with one for each stream and one for the write of the positions. A round that has found
 * nothing new gets none, and of rounds that fail in a row the first three get some.
 */
export class RoundTracer {
  private readonly rounds: TracedRounds;
  private readonly failures = new FailureRow();

  constructor(rounds: TracedRounds) {
    this.rounds = rounds;
  }

  /** @param term the term of the leader that counts */
  begin(term: number): RoundTrace {
    return this.rounds.tracing.isOn ? new TracedRound(this.rounds, { term, failures: this.failures }) : UNTRACED;
  }
}

/** The spans are made at the end: until then nobody knows whether the round gets any. */
class TracedRound implements RoundTrace {
  private readonly rounds: TracedRounds;
  private readonly round: { term: number; failures: FailureRow };
  private readonly startMs = wallNow();
  private readonly begunAt = monotonicNow();
  private readonly steps: Step[] = [];
  private offsets: ReadonlyMap<string, number> | undefined;

  constructor(rounds: TracedRounds, round: { term: number; failures: FailureRow }) {
    this.rounds = rounds;
    this.round = round;
  }

  stream<T>(stream: Stream, work: () => Promise<T>): Promise<T> {
    return this.step({ name: stream, kind: 'internal', attributes: {} }, work);
  }

  write<T>(work: () => Promise<T>): Promise<T> {
    const { progress } = this.rounds;
    const attributes = {
      [ATTRIBUTE.dbSystem]: 'mongodb',
      [ATTRIBUTE.dbOperation]: 'update',
      [ATTRIBUTE.dbCollection]: progress,
    };
    return this.step({ name: `update ${progress}`, kind: 'client', attributes }, work);
  }

  found(offsets: () => ReadonlyMap<Stream, number>): void {
    this.offsets = offsets();
  }

  end(error?: unknown): void {
    const { failures } = this.round;
    const { attempt } = failures;
    if (error === undefined) failures.succeeded();
    if (error === undefined ? this.offsets : failures.failed()) this.trace(attempt, error);
  }

  private trace(attempt: number, error: unknown): void {
    const { tracing, topic } = this.rounds;
    const span = tracing.start({
      name: `count ${topic}`,
      kind: 'internal',
      startMs: this.startMs,
      attributes: { [ATTRIBUTE.term]: this.round.term, [ATTRIBUTE.attempt]: attempt },
    });
    if (!span) return;
    for (const { from, to, error: reason, ...start } of this.steps) {
      const moved = this.offsets?.get(start.name);
      const attributes = { ...start.attributes, ...(moved === undefined ? {} : { [ATTRIBUTE.offsets]: moved }) };
      const child = span.child({ ...start, attributes, startMs: this.startMs + from });
      child.end({ error: reason, endMs: this.startMs + to });
    }
    const endMs = this.startMs + this.elapsedMs;
    span.end({ error: error === undefined ? undefined : errorName(error), endMs });
  }

  private async step<T>(start: Pick<Step, 'name' | 'kind' | 'attributes'>, work: () => Promise<T>): Promise<T> {
    const step: Step = { ...start, from: this.elapsedMs, to: 0, error: undefined };
    this.steps.push(step);
    try {
      return await work();
    } catch (error) {
      step.error = errorName(error);
      throw error;
    } finally {
      step.to = this.elapsedMs;
    }
  }

  private get elapsedMs(): number {
    return monotonicNow() - this.begunAt;
  }
}
