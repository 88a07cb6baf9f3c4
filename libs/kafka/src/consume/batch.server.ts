import { ServerKafka } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Consumer, Kafka } from 'kafkajs';
import { monotonicNow, type MonotonicClock } from '@wiber/resilience';
import { watchFetched } from '../client/fetched.offsets.ts';
import type { LogLine } from '../client/log.line.ts';
import { commitTogether, type PendingCommit } from './batch.commit.ts';
import { BatchDispatcher } from './batch.dispatcher.ts';
import type { BatchOutcome, LogBatch } from './batch.outcome.ts';
import type { CutRecords } from './cut.detector.ts';
import { ConsumerMembership } from './consumer.membership.ts';
import { createConsumer, superviseConsumer } from './consumer.supervisor.ts';
import { Gatherer } from './gatherer.ts';
import { groupAdviceFor } from './group.protocol.ts';
import { GatheringHandler, type BatchHandler } from './gathering.handler.ts';
import type { LamportNotes } from './lamport.notes.ts';
import { OpenTransactions } from './open.transactions.ts';
import type { PublishDeadLetter } from './rejected.records.ts';
import type { RetryPolicy, RetryReason } from './retry.wait.ts';

/** Records of one write, and writes at once. */
const GATHER = { type: 'gather', maxSize: 1000, concurrency: 3 } as const;
/** More than a member ever has: kafkajs must deliver all batches of a fetch in one turn, so that they are gathered. */
const PARTITIONS_AT_ONCE = 256;

export interface BatchServerOptions {
  kafka: Pick<Kafka, 'consumer'>;
  groupId: string;
  sessionTimeoutMs: number;
  policy: RetryPolicy;
  /** Only records of this topic may become dead letters; those of another topic are retried without a limit. */
  deadLetters: { topic: string; publish: PublishDeadLetter };
  /** Writes the notes of committed offsets; without it the handler's own are committed. */
  notes?: Pick<LamportNotes, 'noteOf'>;
  log: LogLine;
  /** Called before each consumer connects: makes what it needs in Kafka. Its failure is that of the consumer's start. */
  prepare?: () => Promise<void>;
  /** Called for each consumer that crashed. */
  onCrash?: () => void;
  /** Called when records were deleted before this member read them. */
  onCut?: (cut: CutRecords) => void;
  /** Called before each further attempt of a partition's batch. */
  onRetry?: (why: RetryReason) => void;
  now?: MonotonicClock;
}

/**
 * Nest's Kafka transport, by the batch. A handler is a @MessagePattern, because only its answer reaches the transport:
 * it gets the batches of one fetch, at most one for each partition, and answers with their outcome. This side decides
 * about commits, retries, dead letters and restarts.
 */
export class BatchKafkaServer extends ServerKafka {
  private readonly settings: BatchServerOptions;
  private readonly stop = new AbortController();
  private readonly membership: ConsumerMembership;
  private readonly dispatcher: BatchDispatcher;
  private readonly transactions: OpenTransactions;
  private readonly handlers = new Map<string, BatchHandler>();
  private supervision: Promise<void> = Promise.resolve();

  constructor(settings: BatchServerOptions) {
    // Nest's own client is never made: `listen` is replaced.
    super({ client: { brokers: [] }, consumer: { groupId: settings.groupId }, postfixId: '' });
    this.settings = settings;
    const { sessionTimeoutMs, now = monotonicNow, deadLetters, policy, log } = settings;
    this.membership = new ConsumerMembership(sessionTimeoutMs, now);
    const isOwned = (topic: string, partition: number) => this.membership.claim(topic, partition) !== undefined;
    this.transactions = new OpenTransactions({ isOwned, now, log });
    const commits = new Gatherer<PendingCommit, void>(GATHER, { sizeOf: () => 1, work: commitTogether });
    this.dispatcher = new BatchDispatcher({
      handlerOf: (topic) => this.handlerOf(topic),
      deadLetters,
      commit: (pending) => commits.submit(pending),
      membership: this.membership,
      policy,
      notes: settings.notes,
      onCut: (cut) => settings.onCut?.(cut),
      onRetry: settings.onRetry,
      stop: this.stop.signal,
      log,
    });
  }

  /** True while this process is a member of the group, and the group answered it within one session time-out. */
  get isConsuming(): boolean {
    return this.membership.isActive;
  }

  /** How many partitions are paused for a batch that needs another attempt. */
  get pausedPartitions(): number {
    return this.dispatcher.pausedPartitions;
  }

  /** How many partitions wait before a batch that can't be decoded. */
  get unreadablePartitions(): number {
    return this.dispatcher.unreadablePartitions;
  }

  /** How many partitions have waited for long before an open transaction of another program. */
  get heldPartitions(): number {
    return this.transactions.partitions;
  }

  /** What this process reads of a topic: the partitions that the group gave it, and those of them that are paused. */
  partitionsOf(topic: string): { assigned: readonly number[]; paused: readonly number[] } {
    return { assigned: this.membership.assignedOf(topic), paused: this.dispatcher.pausedOf(topic) };
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    const { kafka, groupId, sessionTimeoutMs, policy, onCrash, log } = this.settings;
    const { heartbeatMs } = this.membership;
    const topics = new Set(this.topics);
    const unwatch = watchFetched((offsets) => topics.has(offsets.topic) && this.transactions.see(offsets));
    this.supervision = superviseConsumer({
      createConsumer: () => createConsumer(kafka, { groupId, topics: this.topics, sessionTimeoutMs, heartbeatMs }),
      start: (consumer) => this.run(consumer),
      settle: () => this.dispatcher.settle(),
      membership: this.membership,
      backoff: policy.backoff,
      stop: this.stop.signal,
      onCrash: () => onCrash?.(),
      adviceFor: (error) => groupAdviceFor(error, groupId),
      log,
    }).finally(unwatch);
    callback();
  }

  /** Commits the batches in hand whose handler is done, then leaves the group. */
  override async close(): Promise<void> {
    this.stop.abort();
    await this.supervision;
  }

  private get topics(): string[] {
    return [...this.messageHandlers.keys()];
  }

  private async run(consumer: Consumer): Promise<void> {
    // A topic that was deleted would fail each consumer.
    await this.settings.prepare?.();
    await consumer.connect();
    await consumer.subscribe({ topics: this.topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.dispatcher.dispatch(payload),
    });
  }

  private handlerOf(topic: string): BatchHandler {
    const known = this.handlers.get(topic);
    if (known) return known;
    const handler = new GatheringHandler((batches) => this.callHandler(topic, batches), GATHER);
    this.handlers.set(topic, handler);
    return handler;
  }

  private async callHandler(topic: string, batches: LogBatch[]): Promise<BatchOutcome> {
    const handler = this.getHandlerByPattern(topic);
    if (!handler) return { type: 'unavailable', cause: new Error(`no handler for the topic ${topic}`) };
    const answer = (await handler(batches)) as BatchOutcome;
    return lastValueFrom(this.transformToObservable<BatchOutcome>(answer));
  }
}
