import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { KafkaProbe } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { READINESS_DEADLINE_MS, type DependencyIndicators } from '@wiber/observability';

/** Terminus' own MongoDB check reads readyState and asks nobody; these put the question and wait for the answer. */
@Injectable()
export class KafkaIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly probe: KafkaProbe,
  ) {}

  /** Up when a broker gives the topic's metadata and each partition has a leader. */
  async check(topic: string): Promise<HealthIndicatorResult> {
    return this.health
      .check('kafka')
      .attempt(() => this.probe.check(topic, READINESS_DEADLINE_MS))
      .withTimeout(READINESS_DEADLINE_MS);
  }
}

@Injectable()
export class MongoIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly store: MessageStore,
  ) {}

  /** Up when the primary answers a ping. */
  async check(): Promise<HealthIndicatorResult> {
    return this.health
      .check('mongodb')
      .attempt(() => this.store.ping())
      .withTimeout(READINESS_DEADLINE_MS);
  }
}

export const indicatorsOf = (kafka: KafkaIndicator, mongo: MongoIndicator, topic: string): DependencyIndicators => [
  () => kafka.check(topic),
  () => mongo.check(),
];
