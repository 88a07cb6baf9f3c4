import type { Stream } from '@wiber/contracts';
import {
  PositionGoneError,
  type FetchedPartition,
  type KafkaProbe,
  type LogFetcher,
  type ReadRecord,
} from '@wiber/kafka';
import type { WiberLogger } from '@wiber/observability';
import type { LogClocks } from '../clocks/log.clocks.ts';
import type { BusiestCounter } from './busiest.counter.ts';
import { RestingPartitions } from './resting.partitions.ts';
import { addStretches, type CountPorts, type Counted, type CountedStream, type Round } from './counted.stream.ts';
import { gaugesOf, goneOf } from './log.gauges.ts';
import type { Fact } from './record.facts.ts';

/** The most that one fetch may bring, in bytes: of one partition more than a batch has by default, and of all that one broker leads. */
const FETCH = { partitionBytes: 1536 * 1024, brokerBytes: 6 * 1024 * 1024, withinMs: 5000 } as const;
const fetchOf = (share: number) => ({
  ...FETCH,
  partitionBytes: Math.ceil(share * FETCH.partitionBytes),
  brokerBytes: Math.ceil(share * FETCH.brokerBytes),
});

/** Partitions that one log line names. */
const LINE_MAX = 20;

export interface LogStreamPorts extends CountPorts {
  fetcher: Pick<LogFetcher, 'fetch'>;
  probe: Pick<KafkaProbe, 'starts' | 'endsOf'>;
  logger: Pick<WiberLogger, 'error' | 'warn'>;
  now: () => number;
  /** Is given the same records, after they were counted and before their position is written. */
  busiest?: Pick<BusiestCounter, 'add'>;
  /** Is given the same records, as soon as they are read. */
  clocks?: Pick<LogClocks, 'saw'>;
}

export interface LogStreamOptions {
  /** The topic that is read. */
  read: string;
  stream: Stream;
  factOf: (record: ReadRecord) => Fact;
}

interface Settled {
  hasMoved: boolean;
  shortEnds: ReadonlyMap<number, number>;
}

/** Counts the records of a topic from positions of its own, up to the end of the log. */
export class LogStream implements CountedStream {
  private readonly ports: LogStreamPorts;
  private readonly options: LogStreamOptions;
  /** Where to go on in a partition whose position is not in the log, until the next progress says it. */
  private readonly moved = new Map<number, number>();
  private progressId: string | undefined;
  private readonly resting: RestingPartitions;

  constructor(ports: LogStreamPorts, options: LogStreamOptions) {
    this.ports = ports;
    this.options = options;
    this.resting = new RestingPartitions(ports.now);
  }

  async count(round: Round): Promise<Counted> {
    const { stream, read, factOf } = this.options;
    if (this.progressId !== round.progress.id) this.moved.clear();
    this.progressId = round.progress.id;
    const positions = new Map(round.progress.next[stream]);
    for (const [partition, position] of this.moved)
      positions.set(partition, Math.max(position, positions.get(partition) ?? 0));
    const except = this.resting.current();
    const plan = { topic: read, positions, except, ...fetchOf(round.share) };
    const { partitions, fetched, failures } = await this.ports.fetcher.fetch(plan);
    this.ports.clocks?.saw(fetched);
    const stretches = fetched.map(({ partition, records }) => ({ partition, facts: records.map(factOf) }));
    await addStretches(stretches, stream, { ports: this.ports, round });
    await this.ports.busiest?.add(fetched, round);
    for (const one of fetched) if (one.unreadable) this.restUnreadable(one);
    const { hasMoved, shortEnds } = await this.settle(failures, positions);
    const stopped = new Set([...this.resting.current()].filter((partition) => partition < partitions));
    const readable = fetched.filter(({ partition }) => !stopped.has(partition));
    // Partitions that are stopped keep no window of the others open; their gauge says that they are stopped.
    const isWhole = readable.length + stopped.size === partitions;
    return {
      begin: new Map(),
      next: new Map(fetched.map(({ partition, next }) => [partition, next])),
      completeTo: isWhole ? completeTo(readable, round.now.earliest) : undefined,
      isWhole,
      gauges: gaugesOf(fetched, { stopped, shortEnds }),
      gone: partitions > 0 ? goneOf(round.progress.gauges[stream].keys(), partitions) : new Set(),
      hasMore:
        hasMoved || fetched.some(({ partition, next, end }) => next > (positions.get(partition) ?? 0) && next < end),
    };
  }

  /**
   * Moves each position that is before the start of the log to that start: the records between are gone. A leader names one
   * of them in each answer, and refuses the others of the same answer, so the starts of all are read at once.
   * @returns whether another round at once would get further, and the ends of partitions whose log is shorter than their position
   */
  private async settle(failures: readonly unknown[], positions: ReadonlyMap<number, number>): Promise<Settled> {
    const { probe, logger } = this.ports;
    const { read: topic } = this.options;
    for (const error of failures)
      if (!(error instanceof PositionGoneError))
        logger.warn({ error, topic }, 'a leader does not answer; its partitions are counted later');
    const gone = failures.filter((failure) => failure instanceof PositionGoneError);
    if (gone.length === 0) return { hasMoved: false, shortEnds: new Map() };
    const starts = await probe.starts(topic, FETCH.withinMs);
    const cut = [...starts].flatMap(([partition, start]) => {
      const position = positions.get(partition) ?? 0;
      return position < start ? { partition, position, start } : [];
    });
    for (const { partition, start } of cut) this.moved.set(partition, start);
    const records = cut.reduce((sum, { position, start }) => sum + start - position, 0);
    if (cut.length > 0)
      logger.warn(
        { topic, records, partitions: cut.length, cut: cut.slice(0, LINE_MAX) },
        'records were deleted before they were counted',
      );
    // A partition that has no leader by now has no start: it is settled once it has one.
    const short = gone
      .map(({ partition }) => partition)
      .filter((one) => starts.has(one) && !cut.some(({ partition }) => partition === one));
    for (const partition of short) this.restShort(partition, positions.get(partition) ?? 0);
    return { hasMoved: true, shortEnds: await this.endsOf(short) };
  }

  /** The end of the log before would be shown as a backlog that nobody has. */
  private async endsOf(short: readonly number[]): Promise<Map<number, number>> {
    if (short.length === 0) return new Map();
    const ends = await this.ports.probe.endsOf(this.options.read, FETCH.withinMs);
    return new Map(short.flatMap((partition) => (ends[partition] === undefined ? [] : [[partition, ends[partition]]])));
  }

  /** Its leader would refuse the whole fetch each time, with the partitions that can be read. */
  private restShort(partition: number, position: number): void {
    this.resting.add(partition);
    this.ports.logger.error(
      { topic: this.options.read, partition, position },
      'the log is shorter than what was counted: the topic was made anew. Its partition is not counted. To count the new ' +
        'topic, stop all metrics workers, drop the collections of the figures, MONGO_COLLECTION with .stats, .busiest and ' +
        '.progress at its end, and start the workers again',
    );
  }

  private restUnreadable({ partition, unreadable }: FetchedPartition): void {
    this.resting.add(partition);
    const { read: topic } = this.options;
    const line = "a batch can't be decoded; nothing behind it is counted";
    this.ports.logger.error({ topic, partition, error: unreadable }, line);
  }
}

/** At the end of the log: the time before the fetch. Else the time of the last record, because the log is in the order of time. */
const completeTo = (fetched: readonly FetchedPartition[], before: number): number =>
  Math.min(
    before,
    ...fetched.map(({ records, next, end }) => (next >= end ? before : (records.at(-1)?.timestamp ?? 0))),
  );
