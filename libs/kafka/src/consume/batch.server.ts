import { ServerKafka } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Consumer, ConsumerGroupJoinEvent, Kafka } from 'kafkajs';
import { backoffMs } from '@wiber/resilience';
import { attemptBatch, pauseFor, type AttemptPorts, type Membership, type RetryPolicy } from './batch.attempts.ts';
import { commitTogether, type PendingCommit } from './batch.commit.ts';
import type { BatchOutcome, GivenUp, LogBatch } from './batch.outcome.ts';
import { METADATA_MAX_AGE_MS, createKafka, type KafkaSettings } from '../client/kafka.client.ts';
import { Gatherer } from './gatherer.ts';

/** As many batches of one fetch as make a fair write; the rest go beside it. */
const GATHER = { type: 'gather', maxSize: 1000, concurrency: 3 } as const;
/** More than a member ever has: all batches of a fetch are handed over in one turn, to be gathered. */
const PARTITIONS_AT_ONCE = 256;

export interface BatchServerOptions extends KafkaSettings {
  groupId: string;
  /** The topic whose records may become dead letters. Any other topic's are tried for as long as it takes. */
  topic: string;
  /** Resolves once every in-sync replica has the dead letter. */
  giveUp: (givenUp: GivenUp) => Promise<void>;
  policy: RetryPolicy;
  sessionTimeoutMs: number;
  onCrash?: () => void;
}

/**
 * Nest's Kafka transport, by the batch. The handler (a @MessagePattern of the topic, so that its answer comes back) gets
 * the batches of one fetch, one a partition, and says what became of them; here alone is decided whether to commit, to
 * retry in place, to make dead letters, or to start the consumer anew.
 */
export class BatchKafkaServer extends ServerKafka {
  private readonly settings: BatchServerOptions;
  private stopping = false;
  private joined = false;
  private lastSeen = 0;
  private membership: Membership = { generation: 0, owns: () => false };
  private wake: () => void = () => undefined;
  private supervision: Promise<void> = Promise.resolve();
  /** By topic: a handler gets what it is for. */
  private readonly handlers = new Map<string, Gatherer<LogBatch, BatchOutcome>>();
  /** Batches whose partition is paused until they are done. */
  private readonly aside = new Set<Promise<void>>();
  private readonly commits = new Gatherer<PendingCommit, void>(GATHER, { sizeOf: () => 1, work: commitTogether });

  constructor(settings: BatchServerOptions) {
    super({ client: { brokers: settings.brokers }, consumer: { groupId: settings.groupId }, postfixId: '' });
    this.settings = settings;
  }

  /** True while this member belongs to the group: it joined, and the group answered it within a session's time. */
  get isConsuming(): boolean {
    return this.joined && Date.now() - this.lastSeen < this.settings.sessionTimeoutMs;
  }

  /** How many partitions wait for a batch that was not done at its first try. */
  get pausedPartitions(): number {
    return this.aside.size;
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    this.supervision = this.supervise(createKafka(this.settings));
    callback();
  }

  /** Finishes the batch in hand, commits it, leaves the group. */
  override async close(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.supervision;
  }

  /**
   * kafkajs calls some errors non-retriable ("The coordinator is not aware of this member"), emits CRASH and is dead
   * while its process lives on. Every crash ends here, and a new consumer takes over.
   */
  private async supervise(kafka: Kafka): Promise<void> {
    for (let attempt = 0; !this.stopping; attempt += 1) {
      const ended = new Promise<void>((resolve) => (this.wake = resolve));
      const consumer = this.consumerOf(kafka);
      consumer.on(consumer.events.GROUP_JOIN, () => void (attempt = 0));
      try {
        await this.consume(consumer);
        await ended;
      } catch (error) {
        this.settings.log('warn', 'the consumer did not start; it is tried again', { error });
      }
      await consumer.disconnect().catch(() => undefined);
      await Promise.all(this.aside);
      this.joined = false;
      const wait = backoffMs(this.settings.policy.backoff, attempt, Math.random);
      if (!this.stopping) await pauseFor(wait, () => this.stopping);
    }
  }

  private consumerOf(kafka: Kafka): Consumer {
    const { groupId, sessionTimeoutMs } = this.settings;
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: this.heartbeatMs,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      // Few: it asks a coordinator that hangs again and again, each time for requestTimeout; a new consumer finds the next.
      retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 3, restartOnFailure: async () => false },
    });
    const { GROUP_JOIN, HEARTBEAT, REBALANCING, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.join(payload));
    consumer.on(HEARTBEAT, () => void (this.lastSeen = Date.now()));
    consumer.on(REBALANCING, () => void (this.joined = false));
    consumer.on(CRASH, ({ payload }) => {
      this.joined = false;
      this.settings.log('error', 'the consumer crashed; a new one takes over', { error: payload.error });
      this.settings.onCrash?.();
      this.wake();
    });
    return consumer;
  }

  private get heartbeatMs(): number {
    return Math.floor(this.settings.sessionTimeoutMs / 10);
  }

  private join({ memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    const owns = (topic: string, partition: number) => memberAssignment[topic]?.includes(partition) ?? false;
    this.membership = { generation: this.membership.generation + 1, owns };
    this.joined = true;
    this.lastSeen = Date.now();
  }

  private async consume(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.messageHandlers.keys()], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => attemptBatch(payload, this.portsFor(payload.batch.topic)),
    });
  }

  private portsFor(topic: string): AttemptPorts {
    const { giveUp, policy, log } = this.settings;
    return {
      ask: (batch) => this.gathererOf(topic).submit(batch),
      askAlone: (batch) => this.ask([batch]),
      giveUp: topic === this.settings.topic ? giveUp : undefined,
      commit: (pending) => this.commits.submit(pending),
      setAside: (work) => {
        this.aside.add(work);
        void work.finally(() => this.aside.delete(work));
      },
      membership: () => this.membership,
      isStopping: () => this.stopping,
      policy,
      heartbeatMs: this.heartbeatMs,
      log,
    };
  }

  private gathererOf(topic: string): Gatherer<LogBatch, BatchOutcome> {
    const present = this.handlers.get(topic);
    if (present) return present;
    const ports = { sizeOf: ({ records }: LogBatch) => records.length, work: (of: LogBatch[]) => this.ask(of) };
    const gatherer = new Gatherer<LogBatch, BatchOutcome>(GATHER, ports);
    this.handlers.set(topic, gatherer);
    return gatherer;
  }

  private async ask(batches: LogBatch[]): Promise<BatchOutcome> {
    const topic = batches[0]?.topic ?? '';
    const handler = this.getHandlerByPattern(topic);
    if (!handler) return { type: 'unavailable', cause: new Error(`nobody handles the topic ${topic}`) };
    try {
      return await lastValueFrom(this.transformToObservable<BatchOutcome>((await handler(batches)) as BatchOutcome));
    } catch (cause) {
      return { type: 'failed', cause };
    }
  }
}
