import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { KafkaProbe, LogProducer } from '@wiber/kafka';
import { delay } from '@wiber/resilience';
import { GatewayMetrics } from '../gateway.metrics.ts';
import { GUARD_SETTINGS, type GuardSettings } from './partition.guard.ts';

const EVERY_MS = 5000;
const READ_MS = 1000;

/**
 * Notices that the topic has got another number of partitions while the gateway runs. The gateway goes on with the number
 * that it started with, so no conversation moves; but a gateway that is started now refuses, and a person must know. With
 * fewer partitions, those of a topic that was made anew, the messages of the missing ones are refused.
 */
@Injectable()
export class PartitionWatch implements OnApplicationShutdown {
  private readonly stop = new AbortController();
  private seen = 0;
  private isWhole = true;

  constructor(
    private readonly probe: KafkaProbe,
    private readonly producer: LogProducer,
    metrics: GatewayMetrics,
    @Inject(GUARD_SETTINGS) private readonly settings: GuardSettings,
  ) {
    metrics.watchPartitions(() => ({ used: this.producer.partitions, present: this.seen }));
  }

  /** False while the topic was last seen with fewer partitions than this gateway sends to. */
  get hasAllPartitions(): boolean {
    return this.isWhole;
  }

  /** Looks every 5 seconds until the process stops. */
  async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      // Readiness reports that Kafka is away.
      const leaders = await this.probe.leadersOf(this.settings.topic, READ_MS).catch(() => undefined);
      if (leaders) this.compare(leaders.length);
      await delay(EVERY_MS, this.stop.signal);
    }
  }

  onApplicationShutdown(): void {
    this.stop.abort();
  }

  private compare(present: number): void {
    const used = this.producer.partitions;
    const isNews = present !== this.seen && present !== used;
    this.seen = present;
    this.isWhole = present >= used;
    if (!isNews) return;
    const { topic, logger } = this.settings;
    logger.error({ topic, present, used }, lineOf({ present, used }));
  }
}

const lineOf = ({ present, used }: { present: number; used: number }): string =>
  present > used
    ? `the topic has ${present} partitions by now; this gateway goes on with ${used}, and one that starts now refuses`
    : `the topic has ${present} partitions by now, and this gateway sends to ${used}: it is not ready, and refuses the ` +
      `messages of the others; make the topic with ${used} partitions, or, to change the number on purpose, stop all ` +
      `gateways, let ingest store all messages, and start the gateways with KAFKA_PARTITIONS=${present}`;
