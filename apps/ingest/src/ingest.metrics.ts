import { Injectable } from '@nestjs/common';
import { DEAD_LETTER_REASONS, wallNow, type DeadLetterReason, type StoredMessage } from '@wiber/contracts';
import { METRIC, TallyHistogram } from '@wiber/observability';
import { RETRY_REASONS, type BatchKafkaServer, type LogBatch, type RetryReason } from '@wiber/kafka';
import type { StoreResult } from '@wiber/mongo';
import { Counter, Gauge, Histogram } from 'prom-client';

type ConsumerState = Pick<
  BatchKafkaServer,
  'isConsuming' | 'pausedPartitions' | 'unreadablePartitions' | 'heldPartitions'
>;

/** Up to a second as fine as an objective needs, then up to an outage. In seconds. */
const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] as const;

@Injectable()
export class IngestMetrics {
  private readonly stored = new Counter({ name: METRIC.stored, help: 'Messages stored.' });
  private readonly already = new Counter({
    name: METRIC.alreadyStored,
    help: 'Records whose message was stored before.',
  });
  private readonly letters = new Counter({
    name: METRIC.deadLetters,
    help: 'Dead letters that every in-sync replica has, by reason.',
    labelNames: ['reason'],
  });
  private readonly listed = new Counter({
    name: METRIC.deadLettersListed,
    help: 'Records of the dead-letter topic that were listed for operators; a record that is read again counts again.',
  });
  private readonly crashes = new Counter({
    name: METRIC.consumerCrashes,
    help: 'Consumers that died and were replaced.',
  });
  private readonly cut = new Counter({
    name: METRIC.recordsCut,
    help: 'Records that were deleted from the log before ingest read them: they are lost.',
  });
  private readonly size = new Histogram({
    name: METRIC.batchSize,
    help: 'Records of one write.',
    buckets: [1, 10, 100, 1000, 5000],
  });
  private readonly write = new Histogram({
    name: METRIC.writeDuration,
    help: 'Time of one write of records to MongoDB, up to its answer by a majority, in seconds.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  private readonly latency = new TallyHistogram({
    name: METRIC.storeLatency,
    help:
      'From the time at which a gateway accepted a message to the end of the write after which it is stored, in seconds, by the ' +
      'clocks of both machines; less than 0 counts as 0. A record that is read again counts again.',
    buckets: [...LATENCY_BUCKETS],
  });
  private readonly age = new TallyHistogram({
    name: METRIC.logAge,
    help:
      'How long the oldest record of each batch of a partition was in the log when its batch was stored, in seconds, by the clocks ' +
      'of the broker and of this machine; less than 0 counts as 0.',
    buckets: [...LATENCY_BUCKETS],
  });
  private readonly retries = new Counter({
    name: METRIC.ingestRetries,
    help: 'Further attempts of the batch of a partition: unavailable (the store or Kafka is away) or failed (a fault of the code).',
    labelNames: ['why'],
  });

  constructor() {
    // A counter that begins to exist at 1 has no increase that an alert could see.
    for (const reason of DEAD_LETTER_REASONS) this.letters.inc({ reason }, 0);
    for (const why of RETRY_REASONS) this.retries.inc({ why }, 0);
  }

  /** @param seconds that the write took */
  count({ stored, alreadyStored }: StoreResult, batches: LogBatch[], seconds: number): void {
    this.stored.inc(stored);
    this.already.inc(alreadyStored);
    this.size.observe(batches.reduce((sum, { records }) => sum + records.length, 0));
    this.write.observe(seconds);
  }

  /** Measures each message of a write, and the oldest record of each batch. Dead letters are left out. */
  latencies(messages: readonly StoredMessage[], batches: readonly LogBatch[], { refused }: StoreResult): void {
    const now = wallNow();
    const dead = refused.length === 0 ? undefined : new Set(refused.map(({ message }) => message));
    for (const message of messages) if (!dead?.has(message)) this.latency.add((now - message.timestamp) / 1000);
    for (const { records } of batches) {
      const appended = records[0]?.appended;
      if (appended) this.age.add((now - appended.at) / 1000);
    }
  }

  retried(why: RetryReason): void {
    this.retries.inc({ why });
  }

  deadLettered(reason: DeadLetterReason): void {
    this.letters.inc({ reason });
  }

  listedLetters(count: number): void {
    this.listed.inc(count);
  }

  /** Reads the state of the consumer at each scrape. */
  watch(server: ConsumerState): void {
    new Gauge({
      name: METRIC.pausedPartitions,
      help: 'Paused partitions, whose batch is tried again.',
      collect() {
        this.set(server.pausedPartitions);
      },
    });
    new Gauge({
      name: METRIC.unreadablePartitions,
      help: "Partitions that wait before a batch that can't be decoded; a person must look at it.",
      collect() {
        this.set(server.unreadablePartitions);
      },
    });
    new Gauge({
      name: METRIC.heldPartitions,
      help: 'Partitions that have waited for 10 s or longer for the end of a transaction of another program.',
      collect() {
        this.set(server.heldPartitions);
      },
    });
    new Gauge({
      name: METRIC.consumerJoined,
      help: '1 while this process is in the consumer group and gets answers to its heartbeats.',
      collect() {
        this.set(server.isConsuming ? 1 : 0);
      },
    });
  }

  recordsCut(count: number): void {
    this.cut.inc(count);
  }

  crashed(): void {
    this.crashes.inc();
  }
}
