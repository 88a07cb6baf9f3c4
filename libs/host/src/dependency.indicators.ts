import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { KafkaProbe } from '@wiber/kafka';
import { Store } from '@wiber/mongo';
import { READINESS_DEADLINE_MS, type DependencyIndicators } from '@wiber/observability';

/**
 * Whether this process can use Kafka: its consumer is in its group, or its lanes are open. Brokers look healthy even when
 * our consumer is dead.
 */
@Injectable()
export class GroupMembership {
  private isUsable = (): boolean => true;
  private otherwise = '';

  /** @param otherwise what is missing while it is not usable */
  watch(isUsable: () => boolean, otherwise = 'this process does not belong to its consumer group'): void {
    this.isUsable = isUsable;
    this.otherwise = otherwise;
  }

  /** @throws Error when this process can't use Kafka */
  check(): void {
    if (!this.isUsable()) throw new Error(this.otherwise);
  }
}

/** Terminus' own MongoDB check only reads readyState. These indicators send a request and wait for the answer. */
@Injectable()
export class KafkaIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly probe: KafkaProbe,
    private readonly membership: GroupMembership,
  ) {}

  /** Up when a broker gives the topic's metadata, each partition has a leader, and the consumer is in its group. */
  async check(topic: string): Promise<HealthIndicatorResult> {
    return this.health
      .check('kafka')
      .attempt(async () => {
        this.membership.check();
        await this.probe.check(topic, READINESS_DEADLINE_MS);
      })
      .withTimeout(READINESS_DEADLINE_MS);
  }
}

@Injectable()
export class MongoIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly store: Store,
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
