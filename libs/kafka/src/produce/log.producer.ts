import { Partitioners, type Kafka, type Message as KafkaMessage, type Producer } from 'kafkajs';
import type { LogPosition } from '@wiber/contracts';
import { backoffMs, withDeadline, type Breaker } from '@wiber/resilience';
import { METADATA_MAX_AGE_MS, type LogLine } from '../client/kafka.client.ts';
import { BatchTooLargeError, NotSentError } from '../kafka.errors.ts';
import { KafkaProbe } from '../probe/kafka.probe.ts';
import { ProduceLane, type LanePolicy, type LogRecord } from './produce.lane.ts';
import { ProduceTurns } from './produce.turns.ts';

/** An idempotent producer asks one broker for its versions and another for an id, in milliseconds. */
const CONNECT_MS = 4000;
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

export const DEFAULT_LANE_POLICY: LanePolicy = {
  type: 'group-commit',
  maxQueued: 5000,
  maxBatch: 1000,
  maxBatchBytes: 768 * 1024,
  stallMs: 2000,
  deadlineMs: 5000,
  backoff: { type: 'exponential-full-jitter', baseMs: 100, capMs: 2000 },
  breaker: { type: 'breaker', failures: 1, resetMs: 250 },
};

/** Well above what an answer takes, well below what a caller notices when a leader is gone. */
const TURN_LENT_MS = 50;

export interface LogProducerOptions {
  kafka: Kafka;
  topic: string;
  policy?: LanePolicy;
  /** How many partitions the topic was made with; with any other number it is not opened. */
  partitions?: number | undefined;
  log: LogLine;
  /** Told of each acknowledged batch: its records, and how long its last try took, in milliseconds. */
  onBatch?: (records: number, ms: number) => void;
}

/**
 * Appends to a topic through one lane for each partition, each with an idempotent producer of its own, so that a lane
 * whose leader is away neither holds up the others nor takes their producer with it. As many requests go out at once as
 * there are leaders.
 */
export class LogProducer {
  private readonly options: LogProducerOptions;
  private readonly policy: LanePolicy;
  private readonly probe: KafkaProbe;
  private readonly producers = new Map<number, Promise<Producer>>();
  private readonly partitionOf = Partitioners.DefaultPartitioner();
  private lanes: ProduceLane[] = [];
  private metadata: { partitionId: number; leader: number }[] = [];
  private closed = false;

  constructor(options: LogProducerOptions) {
    this.options = options;
    this.policy = options.policy ?? DEFAULT_LANE_POLICY;
    this.probe = new KafkaProbe(options.kafka);
  }

  /**
   * Resolves once the topic's partitions are known; asks until then, for as long as it takes. Partitions that are added
   * later are not used by this process.
   * @param prepare done before, and with it tried again
   */
  async connect(prepare: (probe: KafkaProbe) => Promise<void> = async () => undefined): Promise<void> {
    for (let attempt = 0; !this.closed && this.lanes.length === 0; attempt += 1) {
      try {
        await prepare(this.probe);
        await this.openLanes(await this.probe.leadersOf(this.options.topic, 5000));
      } catch (error) {
        this.options.log('warn', 'the lanes to Kafka are not open yet; it is tried again', {
          topic: this.options.topic,
          error,
        });
        const wait = backoffMs(this.policy.backoff, attempt, Math.random);
        await new Promise<void>((resolve) => setTimeout(resolve, wait));
      }
    }
    await this.probe.close();
  }

  /**
   * Resolves once every in-sync replica has the record.
   * @param partition the one of its key, unless said otherwise
   * @throws NotSentError, OutcomeUnknownError
   */
  send(record: LogRecord, partition = this.partitionFor(record.key)): Promise<LogPosition> {
    const lane = this.lanes[partition];
    if (lane) return lane.send(record);
    return Promise.reject(new NotSentError('log_unavailable', 'Kafka was not reached yet; try again'));
  }

  /** The Java client's default for keyed records: murmur2 of the key, positive, modulo the number of partitions. */
  partitionFor(key: LogRecord['key']): number {
    if (this.metadata.length === 0) return -1;
    return this.partitionOf({
      topic: this.options.topic,
      partitionMetadata: this.metadata as never,
      message: { key, value: null },
    });
  }

  /** How many partitions it appends to; 0 until it is connected. */
  get partitions(): number {
    return this.lanes.length;
  }

  get depth(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.depth, 0);
  }

  /** One a lane; none before `connect` has resolved. */
  get breakers(): Breaker[] {
    return this.lanes.map((lane) => lane.breaker);
  }

  get stalledPartitions(): number[] {
    return this.lanes.filter((lane) => lane.stalled).map((lane) => lane.partition);
  }

  /** Answers what it holds, for at most `withinMs` milliseconds, then disconnects. */
  async close(withinMs: number): Promise<void> {
    this.closed = true;
    await Promise.all(this.lanes.map((lane) => lane.close(withinMs)));
    await Promise.all([...this.producers.keys()].map((partition) => this.discardProducer(partition)));
    await this.probe.close();
  }

  private async openLanes(leaders: number[]): Promise<void> {
    const count = leaders.length;
    const { topic, partitions = count } = this.options;
    if (count === 0) throw new Error(`the topic ${topic} has no partitions`);
    // A key's partition follows from their number: with another one a conversation would go on elsewhere, out of order.
    if (count !== partitions)
      throw new Error(`the topic ${topic} has ${count} partitions, and not the ${partitions} set`);
    this.metadata = Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 0 }));
    const turns = new ProduceTurns({ type: 'turns', atOnce: new Set(leaders).size, lentMs: TURN_LENT_MS });
    const ports = { append: this.append.bind(this), turn: () => turns.take(), random: Math.random, now: Date.now };
    this.lanes = this.metadata.map(({ partitionId }) => new ProduceLane(partitionId, this.policy, ports));
    await Promise.all(this.metadata.map(({ partitionId }) => this.producerOf(partitionId)));
  }

  /** One at a time for each partition: two would number their batches each for itself. */
  private producerOf(partition: number): Promise<Producer> {
    const present = this.producers.get(partition);
    if (present) return present;
    const producer = this.newProducer();
    this.producers.set(partition, producer);
    producer.catch(() => this.producers.delete(partition));
    return producer;
  }

  /** @throws DeadlineError when the address it began at does not answer; the next one begins at another */
  private async newProducer(): Promise<Producer> {
    const producer = this.options.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      createPartitioner: Partitioners.DefaultPartitioner,
      // Few: what is left after them is the lane's to repeat, on a new producer.
      retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 2 },
    });
    try {
      await withDeadline(producer.connect(), CONNECT_MS, 'the broker that a producer began at');
      return producer;
    } catch (error) {
      void producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  private async append(partition: number, records: readonly LogRecord[]): Promise<number> {
    try {
      const producer = await this.producerOf(partition);
      const messages: KafkaMessage[] = records.map((record) => ({ ...record, partition }));
      // One partition a send: kafkajs resolves a send of several although a moved partition was never written.
      const began = performance.now();
      const [answer] = await producer.send({ topic: this.options.topic, acks: -1, timeout: 4000, messages });
      this.options.onBatch?.(records.length, performance.now() - began);
      return Number(answer?.baseOffset ?? -1);
    } catch (error) {
      this.options.log('warn', 'a batch is not acknowledged; it is sent again', {
        partition,
        size: records.length,
        error,
      });
      if (isOneOf(TOO_LARGE, error))
        throw new BatchTooLargeError('the broker takes no batch this large', { cause: error });
      // Not waited for: it ends when what a broker owes it is given up.
      void this.discardProducer(partition);
      throw error;
    }
  }

  private async discardProducer(partition: number): Promise<void> {
    const producer = this.producers.get(partition);
    this.producers.delete(partition);
    await producer?.then((one) => one.disconnect()).catch(() => undefined);
  }
}

/** Whether an error, or what caused it, is one of Kafka's of these types. */
const isOneOf = (types: ReadonlySet<string>, error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (types.has((cause as { type?: string }).type ?? '')) return true;
  }
  return false;
};
