import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import { kafkaClient } from '@wiber/harness';
import { EvidenceError } from '../evidence.errors.ts';
import { readCommittedOnly } from './committed.records.ts';
import { RangesReading, type LogRange, type RecordBatch } from './ranges.reading.ts';
import { inOrder } from './partition.order.ts';

/** A partition holds the offsets from `low` to before `high`. */
export interface PartitionBounds {
  low: number;
  high: number;
}

/** The consumer groups of readers; each group is deleted when its reading ends. */
export const READER_GROUP_PREFIX = 'wiber-evidence-';

/** Bytes of each partition in one fetch. Small, so that records are dropped before the garbage collector copies them. */
const FETCH_BYTES = 256 * 1024;

readCommittedOnly();

/** Reads topics with a plain client. Of records that a producer wrote in a transaction it gives the committed ones. */
export class LogReader {
  private readonly kafka: Kafka;
  private readonly admin: Admin;

  private constructor(brokers: string[]) {
    this.kafka = kafkaClient(brokers, { clientId: 'wiber-evidence', retry: { retries: 5 } });
    this.admin = this.kafka.admin();
  }

  /** @throws EvidenceError when no broker answers */
  static async open(brokers: string[]): Promise<LogReader> {
    const reader = new LogReader(brokers);
    try {
      await reader.admin.connect();
    } catch (cause) {
      const detail = `Kafka does not answer at ${brokers.join(',')}: ${(cause as Error).message}`;
      throw new EvidenceError('log_unusable', detail, { cause });
    }
    return reader;
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }

  async hasTopic(topic: string): Promise<boolean> {
    // A request for the topic's metadata would create it on brokers that allow auto-creation.
    return (await this.admin.listTopics()).includes(topic);
  }

  /** The bounds of each partition, in the order of partitions; undefined when there is no such topic. */
  async bounds(topic: string): Promise<PartitionBounds[] | undefined> {
    if (!(await this.hasTopic(topic))) return undefined;
    const found = await this.admin.fetchTopicOffsets(topic);
    return inOrder(found).map(({ low, high }) => ({ low: Number(low), high: Number(high) }));
  }

  /** The next offset that the group reads, by partition; without the partitions of which it committed nothing. */
  async committed(groupId: string, topic: string): Promise<Map<number, number>> {
    const [answer] = await this.admin.fetchOffsets({ groupId, topics: [topic] });
    const known = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
    return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Passes every record of the ranges to `take` once, in the order of each partition. Commits no offset. */
  async read(topic: string, ranges: LogRange[], take: (batch: RecordBatch) => Promise<void>): Promise<void> {
    const startOf = async (partition: number) => (await this.bounds(topic))?.[partition]?.low;
    const reading = new RangesReading(ranges, { take, startOf });
    if (reading.isDone) return;
    const groupId = READER_GROUP_PREFIX + randomUUID();
    const consumer = this.kafka.consumer({
      groupId,
      sessionTimeout: 60_000,
      maxBytesPerPartition: FETCH_BYTES,
      maxWaitTimeInMs: 200,
      allowAutoTopicCreation: false,
      // A retriable error, such as a coordinator that is still loading, restarts the consumer; a failed reading does not.
      retry: { retries: 5, restartOnFailure: async () => !reading.isDone },
    });
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
