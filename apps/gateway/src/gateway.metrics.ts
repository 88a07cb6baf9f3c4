import type { ProblemCode } from '@wiber/contracts';
import type { LogProducer, PassedPositions } from '@wiber/kafka';
import { METRIC } from '@wiber/observability';
import { Counter, Gauge, Histogram } from 'prom-client';

/** The gateway's metrics. One counter increment per message; the rest per batch or scrape. */
export class GatewayMetrics {
  private readonly messages = new Counter({ name: METRIC.accepted, help: 'Messages that every in-sync replica has.' });
  private readonly refusals = new Counter({
    name: METRIC.refused,
    help: 'Requests answered with a problem, by its code and the route.',
    labelNames: ['code', 'route'],
  });
  private readonly unknown = new Counter({
    name: METRIC.outcomeUnknown,
    help: 'Messages handed to Kafka whose sender got the answer outcome_unknown.',
  });
  private readonly batch = new Histogram({
    name: METRIC.produceBatch,
    help: 'Records of an acknowledged produce request.',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
  });
  private readonly duration = new Histogram({
    name: METRIC.produceDuration,
    help: 'Time from a produce request to its acknowledgement by every in-sync replica, in seconds.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  });

  accepted(): void {
    this.messages.inc();
  }

  refused(code: ProblemCode, route: string): void {
    this.refusals.inc({ code, route });
    if (code === 'outcome_unknown') this.unknown.inc();
  }

  produced(records: number, ms: number): void {
    this.batch.observe(records);
    this.duration.observe(ms / 1000);
  }

  watchWaits(positions: Pick<PassedPositions, 'waiting'>): void {
    new Gauge({
      name: METRIC.waits,
      help: 'Requests that wait until a message is stored.',
      collect() {
        this.set(positions.waiting);
      },
    });
  }

  watchStreams(streams: { open: number; unread: number }): void {
    new Gauge({
      name: METRIC.streams,
      help: 'Open streams of GET /stats/stream.',
      collect() {
        this.set(streams.open);
      },
    });
    new Counter({
      name: METRIC.streamsUnread,
      help: 'Streams of GET /stats/stream that were cut because their clients read nothing.',
      collect() {
        this.reset();
        this.inc(streams.unread);
      },
    });
  }

  /** An alarm compares the two: they differ from the moment on in which the topic gets another number. */
  watchPartitions(numbers: () => { used: number; present: number }): void {
    new Gauge({
      name: METRIC.partitionsUsed,
      help: 'Partitions that this gateway appends to.',
      collect() {
        this.set(numbers().used);
      },
    });
    new Gauge({
      name: METRIC.partitionsPresent,
      help: 'Partitions that the topic has; 0 before Kafka has answered.',
      collect() {
        this.set(numbers().present);
      },
    });
  }

  /** Reads the state of the lanes at each scrape. */
  watch(producer: Pick<LogProducer, 'depth' | 'stalledPartitions'>): void {
    new Gauge({
      name: METRIC.laneDepth,
      help: 'Messages in flight to Kafka or queued for it.',
      collect() {
        this.set(producer.depth);
      },
    });
    new Gauge({
      name: METRIC.stalledPartitions,
      help: 'Partitions whose lane refuses new messages, because a batch failed or is not answered.',
      collect() {
        this.set(producer.stalledPartitions.length);
      },
    });
  }
}
