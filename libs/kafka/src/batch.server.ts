import { ServerKafka } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { backoffMs, type BackoffPolicy } from '@wiber/resilience';
import { createKafka, type KafkaSettings } from './kafka.client.ts';

export interface ConsumedRecord {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, unknown>;
}

export interface LogBatch {
  topic: string;
  partition: number;
  records: ConsumedRecord[];
}

/** What became of a batch. `done`: each record is stored or kept with its reason. `unavailable`: nothing may be committed. */
export type BatchOutcome = { type: 'done' } | { type: 'unavailable'; cause: unknown };

export interface BatchServerOptions extends KafkaSettings {
  groupId: string;
  backoff: BackoffPolicy;
  sessionTimeoutMs: number;
  onBatch?: (size: number) => void;
  onCrash?: () => void;
}

/**
 * Nest's Kafka transport, by the batch. The handler (a @MessagePattern of the topic, so that its answer comes back) says
 * what became of a batch; here alone is decided whether to commit, to retry in place, or to start the consumer anew.
 */
export class BatchKafkaServer extends ServerKafka {
  private readonly settings: BatchServerOptions;
  private running: Consumer | undefined;
  private stopping = false;
  private joined = false;
  private wake: () => void = () => undefined;
  private supervision: Promise<void> = Promise.resolve();

  constructor(settings: BatchServerOptions) {
    super({ client: { brokers: settings.brokers }, consumer: { groupId: settings.groupId }, postfixId: '' });
    this.settings = settings;
  }

  /** True while this member belongs to the group. */
  get isConsuming(): boolean {
    return this.joined;
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
      const { groupId, sessionTimeoutMs } = this.settings;
      const consumer = kafka.consumer({
        groupId,
        sessionTimeout: sessionTimeoutMs,
        heartbeatInterval: Math.floor(sessionTimeoutMs / 10),
        maxWaitTimeInMs: 500,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 10, restartOnFailure: async () => false },
      });
      this.running = consumer;
      consumer.on(consumer.events.GROUP_JOIN, () => {
        this.joined = true;
        attempt = 0;
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        this.settings.log('error', 'the consumer crashed; a new one takes over', { error: payload.error });
        this.settings.onCrash?.();
        this.wake();
      });
      try {
        await this.consume(consumer);
        await ended;
      } catch (error) {
        this.settings.log('warn', 'the consumer did not start; it is tried again', { error });
      }
      this.joined = false;
      await consumer.disconnect().catch(() => undefined);
      if (!this.stopping) await this.pause(attempt);
    }
  }

  private async consume(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.messageHandlers.keys()], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: (payload) => this.handleBatch(payload),
    });
  }

  private async handleBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale, heartbeat } = payload;
    const { topic, partition } = batch;
    const records = batch.messages.map(({ offset, key, value, headers }) => {
      return { offset: Number(offset), key, value, headers: headers ?? {} };
    });
    for (let attempt = 0; isRunning() && !isStale(); attempt += 1) {
      const outcome = await this.ask({ topic, partition, records });
      if (outcome.type === 'done') return this.commit(payload);
      this.settings.log('warn', 'the store is unavailable; the batch is tried again', {
        partition,
        error: outcome.cause,
      });
      await this.pause(attempt);
      // Throws when the group rebalances: the batch is left uncommitted and comes again to whoever gets the partition.
      await heartbeat();
    }
  }

  private async ask(batch: LogBatch): Promise<BatchOutcome> {
    const handler = this.getHandlerByPattern(batch.topic);
    if (!handler) return { type: 'unavailable', cause: new Error(`nobody handles the topic ${batch.topic}`) };
    try {
      return await lastValueFrom(this.transformToObservable<BatchOutcome>((await handler(batch)) as BatchOutcome));
    } catch (cause) {
      return { type: 'unavailable', cause };
    }
  }

  private async commit({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    resolveOffset(batch.lastOffset());
    const offset = String(BigInt(batch.lastOffset()) + 1n);
    await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
    this.settings.onBatch?.(batch.messages.length);
  }

  /** Ends early when the server is stopping. */
  private async pause(attempt: number): Promise<void> {
    const until = Date.now() + backoffMs(this.settings.backoff, attempt, Math.random);
    while (!this.stopping && Date.now() < until) await new Promise<void>((resolve) => setTimeout(resolve, 50));
  }
}
