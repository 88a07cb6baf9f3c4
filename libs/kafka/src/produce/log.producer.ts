import type { Kafka } from 'kafkajs';
import type { LogPosition } from '@wiber/contracts';
import { backoffMs, delay, monotonicNow, type Breaker, type MonotonicClock } from '@wiber/resilience';
import type { LogLine } from '../client/log.line.ts';
import { NotSentError } from '../kafka.errors.ts';
import { KafkaProbe } from '../probe/kafka.probe.ts';
import { partitionOfKey } from './key.partition.ts';
import { DEFAULT_LANE_POLICY, type LanePolicy } from './lane.policy.ts';
import type { LogRecord } from '../client/log.record.ts';
import { DEFAULT_LEADER_WATCH, LeaderWatch } from './leader.watch.ts';
import { PartitionProducers } from './partition.producers.ts';
import { ProduceLane } from './produce.lane.ts';
import { ProduceTurns } from './produce.turns.ts';

/** Much longer than an answer takes; so short that a caller does not notice when one leader is gone. */
const TURN_LENT_MS = 50;
const METADATA_MS = 5000;
/** Short: when the broker that is asked hangs as well, the next question goes to another one. */
const LEADERS_MS = 700;

export interface ConnectSteps {
  /** Called before each attempt; its failure fails the attempt. */
  prepare?: (probe: KafkaProbe) => Promise<void>;
  /** Called with the number of partitions before the first record is taken; its failure ends `connect`. */
  admit?: (partitions: number) => Promise<void>;
}

export interface LogProducerOptions {
  kafka: Kafka;
  topic: string;
  policy?: LanePolicy;
  /** Bytes that may wait in all lanes together, instead of the policy's for each lane. Each lane gets an equal part. */
  queuedBytes?: number;
  /** The number of partitions that the topic must have. Undefined accepts any number. */
  partitions?: number | undefined;
  log: LogLine;
  /**
   * Called for each acknowledged batch with its number of records and the time of its last attempt, in milliseconds.
   */
  onBatch?: (records: number, ms: number) => void;
  now?: MonotonicClock;
}

/**
 * Appends to a topic through one lane for each partition. Each lane has a producer of its own, so that a lane whose
 * leader is away delays no other lane. As many lanes send at once as there are leaders.
 */
export class LogProducer {
  private readonly options: LogProducerOptions;
  private readonly policy: LanePolicy;
  private readonly now: MonotonicClock;
  private readonly probe: KafkaProbe;
  private readonly watchProbe: KafkaProbe;
  private readonly watch: LeaderWatch;
  private readonly producers: PartitionProducers;
  private readonly stop = new AbortController();
  private lanes: ProduceLane[] = [];
  private partitionCount = 0;
  /** Of the last record that has no key. */
  private turn = 0;

  constructor(options: LogProducerOptions) {
    const { kafka, topic, log, onBatch, policy = DEFAULT_LANE_POLICY, now = monotonicNow } = options;
    this.options = options;
    this.policy = policy;
    this.now = now;
    this.probe = new KafkaProbe(kafka);
    // A probe of its own: the other one is closed once the lanes are open.
    this.watchProbe = new KafkaProbe(kafka);
    const leaders = () => this.watchProbe.leadersOf(topic, LEADERS_MS);
    this.watch = new LeaderWatch(DEFAULT_LEADER_WATCH, { leaders, now });
    this.producers = new PartitionProducers({ kafka, topic, log, onBatch, now, watch: this.watch });
  }

  /**
   * Retries until the topic's partitions are known, or until `close`. Partitions that are added later are not used by
   * this process.
   * @throws what `admit` throws
   */
  async connect({ prepare, admit }: ConnectSteps = {}): Promise<void> {
    const { topic, log } = this.options;
    let admitted = 0;
    for (let attempt = 0; !this.stop.signal.aborted && this.lanes.length === 0; attempt += 1) {
      try {
        await prepare?.(this.probe);
        const leaders = await this.leaders();
        if (admit && admitted !== leaders.length) await asFinal(admit(leaders.length));
        admitted = leaders.length;
        await this.openLanes(leaders);
      } catch (error) {
        if (error instanceof FinalError) throw error.cause;
        log('warn', 'the lanes to Kafka are not open yet; retrying', { topic, error });
        await delay(backoffMs(this.policy.backoff, attempt, Math.random), this.stop.signal);
      }
    }
    await this.probe.close();
  }

  /**
   * Resolves once every in-sync replica has the record.
   * @param partition by default the one that the record's key belongs to
   * @throws NotSentError, OutcomeUnknownError
   */
  send(record: LogRecord, partition = this.partitionFor(record.key)): Promise<LogPosition> {
    const lane = this.lanes[partition];
    if (lane) return lane.send(record);
    return Promise.reject(new NotSentError('log_unavailable', 'Kafka has not answered yet; try again'));
  }

  /** The partition of a key; records without a key take the partitions in turn. -1 until it is connected. */
  partitionFor(key: LogRecord['key']): number {
    if (this.partitionCount === 0) return -1;
    if (key === null) return (this.turn = (this.turn + 1) % this.partitionCount);
    return partitionOfKey(key, this.partitionCount);
  }

  /** The number of partitions it appends to; 0 until it is connected. */
  get partitions(): number {
    return this.lanes.length;
  }

  get depth(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.depth, 0);
  }

  /** One for each lane; none until it is connected. */
  get breakers(): Breaker[] {
    return this.lanes.map((lane) => lane.breaker);
  }

  get stalledPartitions(): number[] {
    return this.lanes.filter((lane) => lane.stalled).map((lane) => lane.partition);
  }

  /** Answers its callers within `withinMs` milliseconds, then disconnects. */
  async close(withinMs: number): Promise<void> {
    this.stop.abort();
    await Promise.all(this.lanes.map((lane) => lane.close(withinMs)));
    this.watch.close();
    await this.producers.close();
    await Promise.all([this.probe.close(), this.watchProbe.close()]);
  }

  private async leaders(): Promise<number[]> {
    const { topic } = this.options;
    const leaders = await this.probe.leadersOf(topic, METADATA_MS);
    const count = leaders.length;
    const { partitions = count } = this.options;
    if (count === 0) throw new Error(`the topic ${topic} has no partitions`);
    // The number of partitions decides the partition of a key: with another number a conversation would lose its order.
    if (count !== partitions)
      throw new Error(`the topic ${topic} has ${count} partitions, and not the ${partitions} set`);
    return leaders;
  }

  private async openLanes(leaders: number[]): Promise<void> {
    const count = leaders.length;
    const { queuedBytes } = this.options;
    this.watch.learn(leaders);
    const turns = new ProduceTurns({ type: 'turns', atOnce: lanesAtOnce(leaders), lentMs: TURN_LENT_MS });
    const append = this.producers.append.bind(this.producers);
    const ports = { append, turn: () => turns.take(), random: Math.random, now: this.now };
    const maxQueuedBytes = queuedBytes === undefined ? this.policy.maxQueuedBytes : Math.floor(queuedBytes / count);
    const policy = { ...this.policy, maxQueuedBytes };
    const partitions = Array.from({ length: count }, (_, partition) => partition);
    this.lanes = partitions.map((partition) => new ProduceLane(partition, policy, ports));
    this.partitionCount = count;
    await Promise.all(partitions.map((partition) => this.producers.open(partition)));
  }
}

/** One lane for each leader; all lanes where one is not known yet, because the number is for the life of the process. */
const lanesAtOnce = (leaders: readonly number[]): number =>
  leaders.some((leader) => leader < 0) ? leaders.length : new Set(leaders).size;

/** Thrown inside `connect` when another attempt changes nothing. */
class FinalError extends Error {}

const asFinal = (work: Promise<void>): Promise<void> =>
  work.catch((cause: unknown) => {
    throw new FinalError('not admitted', { cause });
  });
