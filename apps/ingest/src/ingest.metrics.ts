import { Injectable } from '@nestjs/common';
import { METRIC } from '@wiber/observability';
import type { LogBatch } from '@wiber/kafka';
import type { StoreResult } from '@wiber/mongo';
import { Counter, Gauge, Histogram } from 'prom-client';

@Injectable()
export class IngestMetrics {
  private readonly stored = new Counter({ name: METRIC.stored, help: 'Messages stored.' });
  private readonly already = new Counter({
    name: METRIC.alreadyStored,
    help: 'Records whose message was stored already.',
  });
  private readonly rejected = new Counter({ name: METRIC.rejected, help: 'Records kept as rejected.' });
  private readonly listed = new Counter({
    name: METRIC.deadLettersListed,
    help: 'Records of the dead-letter topic that operators can see; one that comes again is counted again.',
  });
  private readonly crashes = new Counter({
    name: METRIC.consumerCrashes,
    help: 'Consumers that died and were replaced.',
  });
  private readonly size = new Histogram({
    name: METRIC.batchSize,
    help: 'Records of one write.',
    buckets: [1, 10, 100, 1000, 5000],
  });

  count(result: StoreResult, { rejected, batches }: { rejected: number; batches: LogBatch[] }): void {
    const size = batches.reduce((sum, { records }) => sum + records.length, 0);
    this.stored.inc(result.stored);
    this.already.inc(size - result.stored - rejected);
    this.rejected.inc(rejected);
    this.size.observe(size);
  }

  deadLetters(count: number): void {
    this.listed.inc(count);
  }

  /** Asks whenever the metrics are read. */
  watchMembership(isConsuming: () => boolean): void {
    new Gauge({
      name: METRIC.consumerJoined,
      help: '1 while this process belongs to the consumer group and the group answers it.',
      collect() {
        this.set(isConsuming() ? 1 : 0);
      },
    });
  }

  crashed(): void {
    this.crashes.inc();
  }
}
