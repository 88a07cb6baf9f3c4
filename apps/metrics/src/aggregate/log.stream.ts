import type { Stream } from '@wiber/contracts';
import {
  PositionGoneError,
  type FetchedPartition,
  type KafkaProbe,
  type LogFetcher,
  type ReadRecord,
} from '@wiber/kafka';
import type { WiberLogger } from '@wiber/observability';
import type { BusiestCounter } from './busiest.counter.ts';
import { RestingPartitions } from './resting.partitions.ts';
import { addStretches, type CountPorts, type Counted, type CountedStream, type Round } from './counted.stream.ts';
import type { Fact } from './record.facts.ts';

/** How much one fetch may bring, in bytes: of one partition more than a batch has by default, and of all that one broker leads. */
const FETCH = { partitionBytes: 1536 * 1024, brokerBytes: 6 * 1024 * 1024, withinMs: 5000 } as const;

export interface LogStreamPorts extends CountPorts {
  fetcher: Pick<LogFetcher, 'fetch'>;
  probe: Pick<KafkaProbe, 'starts' | 'endsOf'>;
  logger: Pick<WiberLogger, 'error' | 'warn'>;
  now: () => number;
  /** Is given the same records, after they were counted and before their position is written. */
  busiest?: Pick<BusiestCounter, 'add'>;
}

export interface LogStreamOptions {
  /** The topic that is read. */
  read: string;
  stream: Stream;
  factOf: (record: ReadRecord) => Fact;
}

/** Counts the records of a topic from positions of its own, up to the end of the log. */
export class LogStream implements CountedStream {
  private readonly ports: LogStreamPorts;
  private readonly options: LogStreamOptions;
  /** Where to go on in a partition whose position is not in the log, until the next progress says it. */
  private readonly moved = new Map<number, number>();
  private readonly resting: RestingPartitions;

  constructor(ports: LogStreamPorts, options: LogStreamOptions) {
    this.ports = ports;
    this.options = options;
    this.resting = new RestingPartitions(ports.now);
  }

  async count(round: Round): Promise<Counted> {
    const { stream, read, factOf } = this.options;
    const positions = new Map(round.progress.next[stream]);
    for (const [partition, position] of this.moved)
      positions.set(partition, Math.max(position, positions.get(partition) ?? 0));
    const except = this.resting.current();
    const plan = { topic: read, positions, except, ...FETCH };
    const { partitions, fetched, failures } = await this.ports.fetcher.fetch(plan);
    const stretches = fetched.map(({ partition, records }) => ({ partition, facts: records.map(factOf) }));
    await addStretches(stretches, stream, { ports: this.ports, round });
    await this.ports.busiest?.add(fetched, round);
    for (const one of fetched) if (one.unreadable) this.restUnreadable(one);
    for (const failure of failures) await this.settle(failure, positions);
    const isWhole = fetched.length === partitions;
    return {
      begin: new Map(),
      next: new Map(fetched.map(({ partition, next }) => [partition, next])),
      completeTo: isWhole ? completeTo(fetched, round.progress.at) : undefined,
      gauges: new Map(fetched.map(({ partition, end }) => [partition, { end }])),
      hasMore: fetched.some(({ partition, next, end }) => next > (positions.get(partition) ?? 0) && next < end),
    };
  }

  /** A position before the start of the log is moved there: the records between are gone. */
  private async settle(failure: unknown, positions: ReadonlyMap<number, number>): Promise<void> {
    const { probe, logger } = this.ports;
    const { read } = this.options;
    if (!(failure instanceof PositionGoneError)) {
      logger.warn({ error: failure, topic: read }, 'a leader does not answer; its partitions are counted later');
      return;
    }
    const { partition } = failure;
    const position = positions.get(partition) ?? 0;
    const start = (await probe.starts(read, FETCH.withinMs)).get(partition) ?? 0;
    if (position < start) {
      this.moved.set(partition, start);
      logger.warn({ topic: read, partition, position, start }, 'records were deleted before they were counted');
      return;
    }
    // Its leader would refuse the whole fetch each time, with the partitions that can be read.
    this.resting.add(partition);
    logger.error(
      { topic: read, partition, position },
      'the log is shorter than what was counted: the topic was made anew. Its partition is not counted; drop the ' +
        'collections of the figures, MONGO_COLLECTION with .stats and .progress at its end, to count the new topic',
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
