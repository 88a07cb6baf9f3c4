import type { LogPosition } from '@wiber/contracts';
import { withDeadline } from '@wiber/resilience';
import pLimit from 'p-limit';
import { PositionGoneError } from '../kafka.errors.ts';
import type { LogFetcher, ReadRecord } from './log.fetcher.ts';

/**
 * A record, or why there is none. absent: the log has none there that can be read, for example because it was deleted.
 * unknown: Kafka did not say it in time. busy: too many callers ask.
 */
export type FoundRecord = ReadRecord | 'absent' | 'unknown' | 'busy';

/** Each read brings one whole batch, which may have a MiB, and more once it is decompressed. */
const READS_AT_ONCE = 2;
const WAITING_MAX = 64;
/** Less than any batch: then the broker gives the one batch that has the record (KIP-74). */
const ONE_BATCH = 1;

/** Reads single records by their positions. For rare questions: each of them costs the fetch of a whole batch. */
export class RecordReader {
  private readonly fetcher: Pick<LogFetcher, 'fetch' | 'close'>;
  private readonly topic: string;
  private readonly withinMs: number;
  private readonly turns = pLimit(READS_AT_ONCE);

  /** @param withinMs how long a read may take, with the wait for its turn, in milliseconds */
  constructor(fetcher: Pick<LogFetcher, 'fetch' | 'close'>, { topic, withinMs }: { topic: string; withinMs: number }) {
    this.fetcher = fetcher;
    this.topic = topic;
    this.withinMs = withinMs;
  }

  /** Never rejects. */
  async read(position: LogPosition): Promise<FoundRecord> {
    if (this.turns.pendingCount >= WAITING_MAX) return 'busy';
    const work = this.turns(() => this.fetchAt(position));
    // Readiness reports that Kafka is away.
    return withDeadline(work, this.withinMs, 'Kafka').catch(() => 'unknown' as const);
  }

  /** Nest's hook: it runs after the HTTP server has answered its last request. */
  onApplicationShutdown(): Promise<void> {
    return this.fetcher.close();
  }

  private async fetchAt({ partition, offset }: LogPosition): Promise<FoundRecord> {
    const { partitions, fetched, failures } = await this.fetcher.fetch({
      topic: this.topic,
      only: new Set([partition]),
      positions: new Map([[partition, offset]]),
      partitionBytes: ONE_BATCH,
      brokerBytes: ONE_BATCH,
      withinMs: this.withinMs,
    });
    const found = fetched.find((one) => one.partition === partition);
    if (!found) {
      const isGone = failures.some((failure) => failure instanceof PositionGoneError);
      return isGone || (partitions > 0 && partition >= partitions) ? 'absent' : 'unknown';
    }
    const [first] = found.records;
    return first?.offset === offset ? first : 'absent';
  }
}
