import { Partitioners, type Kafka, type Message as KafkaMessage, type Producer } from 'kafkajs';
import { hedged, withDeadline, type MonotonicClock } from '@wiber/resilience';
import { METADATA_MAX_AGE_MS } from '../client/kafka.client.ts';
import type { LogLine } from '../client/log.line.ts';
import { BatchTooLargeError } from '../kafka.errors.ts';
import type { LogRecord } from '../client/log.record.ts';
import type { LeaderWatch } from './leader.watch.ts';
import { baseOffsetOf } from './produce.answer.ts';

/** An idempotent producer asks one broker for its versions and another one for an id, in milliseconds. */
const CONNECT_MS = 4000;
/** A broker that hangs takes a connection and answers nothing: after this time another one is tried as well. */
const CONNECTS = { type: 'hedge', starts: 3, everyMs: 500 } as const;
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

export interface PartitionProducersOptions {
  kafka: Pick<Kafka, 'producer'>;
  topic: string;
  now: MonotonicClock;
  /** Ends the wait for a leader that is no leader any more. */
  watch: Pick<LeaderWatch, 'follow'>;
  /**
   * Called for each acknowledged batch with its number of records and the time of its last attempt, in milliseconds.
   */
  onBatch?: ((records: number, ms: number) => void) | undefined;
  log: LogLine;
}

/**
 * One idempotent producer for each partition. After a failure it is replaced: its sequence numbers may no longer be
 * those that the broker expects, and its connection may be the reason.
 */
export class PartitionProducers {
  private readonly options: PartitionProducersOptions;
  private readonly producers = new Map<number, Promise<Producer>>();

  constructor(options: PartitionProducersOptions) {
    this.options = options;
  }

  /** Connects the producer of a partition before its first batch. */
  async open(partition: number): Promise<void> {
    await this.producerOf(partition);
  }

  /**
   * Resolves, once every in-sync replica has the records, to the offset of the first, or to -1 when the broker says
   * that it does not know.
   * @throws BatchTooLargeError when the broker refused the batch for its size; UnacknowledgedError when the answer has
   * no entry for the partition
   */
  async append(partition: number, records: readonly LogRecord[]): Promise<number> {
    const { topic, now, onBatch, log } = this.options;
    try {
      const producer = await this.producerOf(partition);
      const messages: KafkaMessage[] = records.map((record) => ({ ...record, partition }));
      // One partition for each send: a send for several resolves although kafkajs skipped a partition that had moved.
      const startedAt = now();
      const sending = producer.send({ topic, acks: -1, timeout: 4000, messages });
      const answers = await this.options.watch.follow(partition, sending);
      const baseOffset = baseOffsetOf(answers, { topic, partition });
      onBatch?.(records.length, now() - startedAt);
      return baseOffset;
    } catch (error) {
      log('warn', 'a batch is not acknowledged; it is sent again', { partition, size: records.length, error });
      if (hasKafkaType(error, TOO_LARGE))
        throw new BatchTooLargeError('the broker takes no batch this large', { cause: error });
      // Not awaited: a disconnect waits for the requests that the broker does not answer.
      void this.discard(partition);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.producers.keys()].map((partition) => this.discard(partition)));
  }

  /** At most one for each partition: two would each count their own sequence numbers. */
  private producerOf(partition: number): Promise<Producer> {
    const present = this.producers.get(partition);
    if (present) return present;
    const producer = hedged(CONNECTS, () => this.connect(), disconnect);
    this.producers.set(partition, producer);
    producer.catch(() => this.producers.delete(partition));
    return producer;
  }

  /** @throws DeadlineError when the first broker does not answer; each call starts with another one */
  private async connect(): Promise<Producer> {
    const producer = this.options.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      createPartitioner: Partitioners.DefaultPartitioner,
      // Few: after them the lane sends the batch again, on a new producer.
      retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 2 },
    });
    try {
      await withDeadline(producer.connect(), CONNECT_MS, 'the first broker of a new producer');
      return producer;
    } catch (error) {
      disconnect(producer);
      throw error;
    }
  }

  private async discard(partition: number): Promise<void> {
    const producer = this.producers.get(partition);
    this.producers.delete(partition);
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }
}

const disconnect = (producer: Producer): void => void producer.disconnect().catch(() => undefined);

/** Whether the error or one of its causes is a Kafka error of one of these types. */
const hasKafkaType = (error: unknown, types: ReadonlySet<string>): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (types.has((cause as { type?: string }).type ?? '')) return true;
  }
  return false;
};
