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
    const watch = setInterval(() => void this.watch().catch((error: unknown) => this.fail(error)), WATCH_MS);
    try {
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: this.open.size,
        eachBatch: async ({ batch: { partition, messages }, pause }) => {
          try {
            await this.advanceInTurn(partition, messages);
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

  private advanceInTurn(partition: number, messages: KafkaMessage[]): Promise<void> {
    const before = this.inWork.get(partition) ?? Promise.resolve();
    const turn = before.then(() => this.advance(partition, messages));
    this.inWork.set(partition, turn);
    return turn;
  }

  private async advance(partition: number, messages: KafkaMessage[]): Promise<void> {
    const range = this.open.get(partition);
    const [first] = messages;
    if (!range || !first) return;
    this.lastBatchAt = performance.now();
    const records: LogRecord[] = [];
    for (const { offset, timestamp, key, value, headers } of messages) {
      const at = Number(offset);
      if (at >= range.from && at < range.to)
        records.push({ offset: at, timestamp: Number(timestamp), key, value, headers });
    }
    const cutTo = Number(first.offset) > range.from ? await this.ports.startOf(partition) : undefined;
    await this.ports.take({ partition, records, ...(cutTo !== undefined && cutTo > range.from ? { cutTo } : {}) });
    range.from = Math.max(range.from, Number(messages.at(-1)?.offset) + 1);
    if (range.from >= range.to) this.endPartition(partition);
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
