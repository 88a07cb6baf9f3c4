import { Injectable } from '@nestjs/common';
import type { DeadLetterReason } from '@wiber/contracts';
import { METRIC } from '@wiber/observability';
import type { BatchKafkaServer, LogBatch } from '@wiber/kafka';
import type { StoreResult } from '@wiber/mongo';
import { Counter, Gauge, Histogram } from 'prom-client';

type ConsumerState = Pick<
  BatchKafkaServer,
  'isConsuming' | 'pausedPartitions' | 'unreadablePartitions' | 'heldPartitions'
>;

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

  count({ stored, alreadyStored }: StoreResult, batches: LogBatch[]): void {
    this.stored.inc(stored);
    this.already.inc(alreadyStored);
    this.size.observe(batches.reduce((sum, { records }) => sum + records.length, 0));
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
