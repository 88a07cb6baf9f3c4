import { STREAMS, type Stream } from '@wiber/contracts';
import { FencedError, ProgressGoneError, type PartitionGauges, type Progress, type StatsWriter } from '@wiber/mongo';
import type { MonotonicClock } from '@wiber/resilience';
import type { Lead, LeaderTask } from '../leadership/leader.task.ts';
import { endFenced, fencedAmong } from '../leadership/fenced.work.ts';
import { LeadLostError, type Clocks, type Counted, type CountedStream, type Round } from './counted.stream.ts';
import type { RoundTrace, RoundTracer } from '../tracing/round.tracer.ts';
import { RoundSize } from './round.size.ts';
import type { KeptMs } from './window.policy.ts';

export interface AggregateTaskOptions {
  /** The topic of the messages. */
  topic: string;
  periodMs: number;
  /** A round that finds nothing new writes only when the last write is so many milliseconds ago. */
  idleMs: number;
  now: MonotonicClock;
  /** This worker's clock, in integer milliseconds since the epoch. */
  wall: () => number;
  keptMs: KeptMs;
  writer: Pick<StatsWriter, 'advance'>;
  streams: Readonly<Record<Stream, CountedStream>>;
  tracer: Pick<RoundTracer, 'begin'>;
  /** Called after each round, with how far everything is counted, and the streams that this round has looked at. */
  onProgress: (progress: Progress, lead: Lead, seen: ReadonlySet<Stream>) => void;
}

/**
 * Counts what the log and the store have got since the last run, whoever ran it. First the figures are made durable, then the
 * positions. So a position says for good that all before it is counted, and whoever starts from it counts in order.
 */
export class AggregateTask implements LeaderTask {
  readonly name = 'aggregate';
  readonly periodMs: number;
  private readonly options: AggregateTaskOptions;
  /** An older one does no harm: what lies before the newest is counted again and changes nothing. */
  private progress: Progress | undefined;
  private writtenAt = -Infinity;
  private readonly size = new RoundSize();

  constructor(options: AggregateTaskOptions) {
    this.options = options;
    this.periodMs = options.periodMs;
  }

  /**
   * Counts up to the end of the log, and what ingest has committed. It ends when MongoDB refuses a write by the fence: the
   * position stays as it is.
   * @throws any error of Kafka or MongoDB: run it again
   */
  async run(lead: Lead): Promise<void> {
    try {
      await this.countAll(lead);
    } catch (error) {
      if (error instanceof LeadLostError || error instanceof FencedError) this.size.cutOff();
      if (error instanceof LeadLostError) return;
      if (error instanceof ProgressGoneError) this.progress = undefined;
      if (!(error instanceof FencedError)) throw error;
      endFenced(lead, error);
    }
  }

  private async countAll(lead: Lead): Promise<void> {
    this.progress ??= await this.advance(lead, new Map());
    for (let hasMore = true; hasMore && lead.isValid() && !lead.signal.aborted;)
      hasMore = await this.countOnce(lead, this.progress);
  }

  /** @returns whether another round at once would count more */
  private async countOnce(lead: Lead, progress: Progress): Promise<boolean> {
    const trace = this.options.tracer.begin(lead.term);
    try {
      const hasMore = await this.countTraced(trace, lead, progress);
      trace.end();
      return hasMore;
    } catch (error) {
      // Another worker counts on: the round is no failure, and its positions are not written.
      if (!(error instanceof LeadLostError)) trace.end(error);
      throw error;
    }
  }

  private async countTraced(trace: RoundTrace, lead: Lead, progress: Progress): Promise<boolean> {
    const now = clocksOf(progress.at, this.options.wall());
    const { counted, failures } = await this.round({ lead, progress, now, share: this.size.share }, trace);
    const refusal = fencedAmong(failures);
    if (refusal) throw refusal;
    if (failures.some((error) => error instanceof LeadLostError)) throw new LeadLostError();
    // After a pause another may lead. The position stays, so it meets what was counted here.
    const leads = lead.isValid();
    if (leads) {
      const before = progress;
      const hasFound = isNew(counted, before);
      if (hasFound) trace.found(() => offsetsOf(counted, before));
      if (this.isDue || failures.length > 0 || hasFound)
        this.progress = progress = await trace.write(() => this.advance(lead, counted, before));
      this.size.reachedEnd();
      this.options.onProgress(progress, lead, wholeOf(counted));
    }
    if (failures.length > 0) throw new AggregateError(failures, messageOf(failures));
    if (!leads) throw new LeadLostError();
    return [...counted.values()].some((stream) => stream.hasMore);
  }

  /** A stream that fails keeps no other one from being counted. */
  private async round(
    round: Round,
    trace: RoundTrace,
  ): Promise<{ counted: Map<Stream, Counted>; failures: unknown[] }> {
    const { streams } = this.options;
    const settled = await Promise.allSettled(
      STREAMS.map((stream) => trace.stream(stream, () => streams[stream].count(round))),
    );
    const counted = new Map<Stream, Counted>();
    const failures: unknown[] = [];
    for (const [index, stream] of STREAMS.entries()) {
      const one = settled[index]!;
      if (one.status === 'fulfilled') counted.set(stream, one.value);
      else failures.push(one.reason);
    }
    return { counted, failures };
  }

  private get isDue(): boolean {
    const { idleMs, now } = this.options;
    return now() - this.writtenAt >= idleMs;
  }

  private async advance({ fence }: Lead, counted: ReadonlyMap<Stream, Counted>, after?: Progress): Promise<Progress> {
    const { topic, keptMs, writer, now } = this.options;
    const from = after && { progressId: after.id, writes: after.writes };
    const progress = await writer.advance(topic, { ...from, fence, keptMs, streams: counted });
    this.writtenAt = now();
    return progress;
  }
}

const clocksOf = (store: number, own: number): Clocks => ({
  earliest: Math.min(store, own),
  latest: Math.max(store, own),
});

const wholeOf = (counted: ReadonlyMap<Stream, Counted>): Set<Stream> =>
  new Set([...counted].flatMap(([stream, { isWhole }]) => (isWhole ? stream : [])));

/** The first reason is in the line itself: not every reader of logs shows the errors of an AggregateError. */
const messageOf = ([first]: readonly unknown[]): string =>
  `not all streams were counted: ${first instanceof Error ? first.message : String(first)}`;

/** Whether a round found anything that the progress does not say, but that time has passed. */
const isNew = (counted: ReadonlyMap<Stream, Counted>, progress: Progress): boolean =>
  [...counted].some(([stream, { begin, next, gauges, gone }]) => {
    const known = { next: progress.next[stream], gauges: progress.gauges[stream] };
    return (
      begin.size > 0 ||
      (gone?.size ?? 0) > 0 ||
      [...next].some(([partition, position]) => position !== known.next.get(partition)) ||
      [...gauges].some(([partition, values]) => !isMatch(known.gauges.get(partition), values))
    );
  });

/** By how many offsets each stream has moved on. Of a partition that is counted for the first time only where it has begun is known. */
const offsetsOf = (counted: ReadonlyMap<Stream, Counted>, progress: Progress): Map<Stream, number> =>
  new Map(
    [...counted].map(([stream, { next }]) => {
      const fromOf = (partition: number) =>
        progress.next[stream].get(partition) ?? progress.begin[stream].get(partition) ?? 0;
      return [stream, [...next].reduce((sum, [partition, to]) => sum + Math.max(0, to - fromOf(partition)), 0)];
    }),
  );

const isMatch = (known: PartitionGauges | undefined, values: PartitionGauges): boolean =>
  Object.entries(values).every(([name, value]) => known?.[name as keyof PartitionGauges] === value);
