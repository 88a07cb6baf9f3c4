import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Admin, type Consumer, type KafkaMessage } from 'kafkajs';
import { CannotTellError } from '../audit.errors.ts';
import type { LogRecord } from '../merge/log.record.ts';

/** What a partition holds: offsets from `low` to before `high`. */
export interface Bounds {
  low: number;
  high: number;
}

/** Offsets of a partition from `from` to before `to`. */
export interface Range {
  partition: number;
  from: number;
  to: number;
}

/** The next records of a partition, in its order. */
export interface RecordBatch {
  partition: number;
  records: LogRecord[];
  /** Where the log begins now, when it no longer holds what comes next. */
  cutTo?: number;
}

/** How often is looked whether anything came, and after how long of nothing the reading is given up. */
const WATCH_MS = 2000;
const SILENCE_MS = 60_000;
/** Of each partition at once: little enough to be dealt with before it has to be copied as what lives longer. */
const FETCH_BYTES = 256 * 1024;

/** Reads the log from outside with plain clients: an audit believes none of the code that it audits. */
export class LogReader {
  private readonly kafka: Kafka;
  private readonly admin: Admin;

  private constructor(brokers: string[]) {
    this.kafka = new Kafka({ brokers, clientId: 'wiber-audit', logLevel: logLevel.NOTHING, retry: { retries: 5 } });
    this.admin = this.kafka.admin();
  }

  /** @throws CannotTellError when no broker answers */
  static async open(brokers: string[]): Promise<LogReader> {
    const reader = new LogReader(brokers);
    try {
      await reader.admin.connect();
    } catch (cause) {
      const detail = `Kafka does not answer at ${brokers.join(',')}: ${(cause as Error).message}`;
      throw new CannotTellError('log_unusable', detail, { cause });
    }
    return reader;
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }

  async hasTopic(topic: string): Promise<boolean> {
    // To ask for its metadata would make it, on brokers that allow that.
    return (await this.admin.listTopics()).includes(topic);
  }

  /** Each partition's bounds, by partition; undefined where there is no such topic. */
  async bounds(topic: string): Promise<Bounds[] | undefined> {
    if (!(await this.hasTopic(topic))) return undefined;
    const found = await this.admin.fetchTopicOffsets(topic);
    return found
      .toSorted((a, b) => a.partition - b.partition)
      .map(({ low, high }) => ({ low: Number(low), high: Number(high) }));
  }

  /** The next offset that the group reads, by partition; undefined where it has committed none. */
  async committed(groupId: string, topic: string): Promise<Map<number, number>> {
    const [answer] = await this.admin.fetchOffsets({ groupId, topics: [topic] });
    const known = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
    return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Hands over every record of the ranges once, the partitions beside each other; commits nothing, and its group goes. */
  async read(topic: string, ranges: Range[], take: (batch: RecordBatch) => Promise<void>): Promise<void> {
    const groupId = `wiber-audit-${randomUUID()}`;
    const consumer = this.kafka.consumer({
      groupId,
      sessionTimeout: 60_000,
      maxBytesPerPartition: FETCH_BYTES,
      maxWaitTimeInMs: 200,
      allowAutoTopicCreation: false,
      retry: { retries: 5, restartOnFailure: async () => false },
    });
    const reading = new RangesReading(ranges, {
      take,
      startOf: async (partition) => (await this.bounds(topic))?.[partition]?.low,
    });
    if (reading.isDone) return;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await reading.run(consumer, topic);
    } finally {
      await consumer.disconnect();
      await this.admin.deleteGroups([groupId]).catch(() => undefined);
    }
  }
}

interface ReadingPorts {
  take: (batch: RecordBatch) => Promise<void>;
  /** Where a partition begins now. */
  startOf: (partition: number) => Promise<number | undefined>;
}

/** Ranges that are being read: how far each has come. */
class RangesReading {
  private readonly open: Map<number, Range>;
  private readonly ports: ReadingPorts;
  private lastHeard = Date.now();
  private settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(ranges: Range[], ports: ReadingPorts) {
    this.open = new Map(ranges.filter(({ from, to }) => to > from).map((range) => [range.partition, { ...range }]));
    this.ports = ports;
  }

  get isDone(): boolean {
    return this.open.size === 0;
  }

  async run(consumer: Consumer, topic: string): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => (this.settle = { resolve, reject }));
    consumer.on(consumer.events.CRASH, ({ payload }) => this.fail(payload.error));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // Also after a rejoin, which forgets where it was since nothing is committed.
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
            // What fails here is not the consumer's to try again.
            await this.advance(partition, messages);
          } catch (error) {
            this.fail(error);
          }
          if (!this.open.has(partition)) pause();
        },
      });
      await ended;
    } finally {
      clearInterval(watch);
    }
  }

  private async advance(partition: number, messages: KafkaMessage[]): Promise<void> {
    const range = this.open.get(partition);
    const [first] = messages;
    if (!range || !first) return;
    this.lastHeard = Date.now();
    const records: LogRecord[] = [];
    for (const { offset, key, value, headers } of messages) {
      const at = Number(offset);
      if (at >= range.from && at < range.to) records.push({ offset: at, key, value, headers });
    }
    const cutTo = Number(first.offset) > range.from ? await this.ports.startOf(partition) : undefined;
    await this.ports.take({ partition, records, ...(cutTo !== undefined && cutTo > range.from ? { cutTo } : {}) });
    range.from = Math.max(range.from, Number(messages.at(-1)?.offset) + 1);
    if (range.from >= range.to) this.finish(partition);
  }

  /** Retention may take the whole rest of a range while it is read: then no record of it comes. */
  private async watch(): Promise<void> {
    if (Date.now() - this.lastHeard < WATCH_MS) return;
    for (const { partition, from, to } of [...this.open.values()]) {
      const start = await this.ports.startOf(partition);
      if (start === undefined || start < to) continue;
      if (start > from) await this.ports.take({ partition, records: [], cutTo: Math.min(start, to) });
      this.finish(partition);
    }
    if (Date.now() - this.lastHeard > SILENCE_MS)
      this.fail(new CannotTellError('log_unusable', `Kafka has sent nothing for ${SILENCE_MS / 1000} s`));
  }

  private finish(partition: number): void {
    this.open.delete(partition);
    if (this.isDone) this.settle?.resolve();
  }

  private fail(error: unknown): void {
    this.open.clear();
    this.settle?.reject(error);
  }
}
