import type { Consumer, KafkaMessage } from 'kafkajs';
import { EvidenceError } from '../evidence.errors.ts';
import type { LogRecord } from './log.record.ts';

/** The offsets of a partition from `from` to before `to`. */
export interface LogRange {
  partition: number;
  from: number;
  to: number;
}

/** The next records of a partition, in its order. */
export interface RecordBatch {
  partition: number;
  records: LogRecord[];
  /** The new start of the partition, when retention deleted records that were still to be read. */
  cutTo?: number;
}

export interface ReadingPorts {
  take: (batch: RecordBatch) => Promise<void>;
  /** The first offset that a partition holds now. */
  startOf: (partition: number) => Promise<number | undefined>;
}

interface FetchedRecords {
  /** Without control records, and without those of aborted transactions. */
  messages: KafkaMessage[];
  /** Of all that was fetched: behind the last message there may be the marker that ends its transaction. */
  lastOffset: number;
}

/** How often the reading checks for progress, and after how long without any record it fails. */
const WATCH_MS = 2000;
const SILENCE_MS = 60_000;

/** Reads ranges of several partitions with one consumer, and ends when each range was read to its end. */
export class RangesReading {
  /** What is left to read, by partition. */
  private readonly open: Map<number, LogRange>;
  private readonly ports: ReadingPorts;
  /** The last batch of each partition. After a rejoin kafkajs may deliver a batch before the one before is done. */
  private readonly inWork = new Map<number, Promise<void>>();
  private lastBatchAt = performance.now();
  private lastCrash: Error | undefined;
  private readonly ended = Promise.withResolvers<void>();

  constructor(ranges: LogRange[], ports: ReadingPorts) {
    this.open = new Map(ranges.filter(({ from, to }) => to > from).map((range) => [range.partition, { ...range }]));
    this.ports = ports;
    // `run` awaits it; a failure before that must not count as unhandled.
    this.ended.promise.catch(() => undefined);
  }

  get isDone(): boolean {
    return this.open.size === 0;
  }

  async run(consumer: Consumer, topic: string): Promise<void> {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      this.lastCrash = error;
      if (!restart) this.fail(error);
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // Also after a rejoin: the group has committed nothing, so kafkajs would start again at the beginning.
      for (const partition of payload.memberAssignment[topic] ?? []) {
        const range = this.open.get(partition);
        if (range) consumer.seek({ topic, partition, offset: String(range.from) });
        else consumer.pause([{ topic, partitions: [partition] }]);
      }
    });
    // kafkajs hands out no batch that has only control records or records of aborted transactions: it reports its end.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      if (batchSize > 0) return;
      const turn = this.advanceInTurn(partition, { messages: [], lastOffset: Number(lastOffset) });
      turn.catch((error: unknown) => this.fail(error));
    });
    const watch = setInterval(() => void this.watch().catch((error: unknown) => this.fail(error)), WATCH_MS);
    try {
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: this.open.size,
        eachBatch: async ({ batch, pause }) => {
          const { partition, messages } = batch;
          try {
            await this.advanceInTurn(partition, { messages, lastOffset: Number(batch.lastOffset()) });
          } catch (error) {
            // kafkajs would deliver the batch again if this call threw.
            this.fail(error);
          }
          if (!this.open.has(partition)) pause();
        },
      });
      await this.ended.promise;
    } finally {
      clearInterval(watch);
    }
  }

  private advanceInTurn(partition: number, fetched: FetchedRecords): Promise<void> {
    const before = this.inWork.get(partition) ?? Promise.resolve();
    const turn = before.then(() => this.advance(partition, fetched));
    this.inWork.set(partition, turn);
    return turn;
  }

  private async advance(partition: number, { messages, lastOffset }: FetchedRecords): Promise<void> {
    const range = this.open.get(partition);
    if (!range) return;
    this.lastBatchAt = performance.now();
    if (messages.length > 0) await this.hand(range, messages);
    range.from = Math.max(range.from, lastOffset + 1);
    if (range.from >= range.to) this.endPartition(partition);
  }

  private async hand(range: LogRange, messages: KafkaMessage[]): Promise<void> {
    const { partition } = range;
    const records: LogRecord[] = [];
    for (const { offset, timestamp, key, value, headers } of messages) {
      const at = Number(offset);
      if (at >= range.from && at < range.to)
        records.push({ offset: at, timestamp: Number(timestamp), key, value, headers });
    }
    const cutTo = Number(messages[0]?.offset) > range.from ? await this.ports.startOf(partition) : undefined;
    await this.ports.take({ partition, records, ...(cutTo !== undefined && cutTo > range.from ? { cutTo } : {}) });
  }

  /** When retention deletes the whole rest of a range, no batch arrives that would end it. */
  private async watch(): Promise<void> {
    if (performance.now() - this.lastBatchAt < WATCH_MS) return;
    for (const { partition, from, to } of [...this.open.values()]) {
      const start = await this.ports.startOf(partition);
      if (start === undefined || start < to) continue;
      if (start > from) await this.ports.take({ partition, records: [], cutTo: Math.min(start, to) });
      this.endPartition(partition);
    }
    if (performance.now() - this.lastBatchAt <= SILENCE_MS) return;
    const cause = this.lastCrash;
    const detail = `Kafka has sent nothing for ${SILENCE_MS / 1000} s${cause ? `: ${cause.message}` : ''}`;
    this.fail(new EvidenceError('log_unusable', detail, { cause }));
  }

  private endPartition(partition: number): void {
    this.open.delete(partition);
    if (this.isDone) this.ended.resolve();
  }

  private fail(error: unknown): void {
    this.open.clear();
    this.ended.reject(error);
  }
}
