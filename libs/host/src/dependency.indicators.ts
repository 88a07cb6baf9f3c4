import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { KafkaProbe } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { READINESS_DEADLINE_MS, type DependencyIndicators } from '@wiber/observability';

/** Whether this process belongs to its consumer group, for an app that has one: a dead consumer's brokers are well. */
@Injectable()
export class GroupMembership {
  private ask = (): boolean => true;

  watch(isConsuming: () => boolean): void {
    this.ask = isConsuming;
  }

  /** @throws Error when this process is outside its group */
  check(): void {
    if (!this.ask()) throw new Error('this process does not belong to its consumer group');
  }
}

/** Terminus' own MongoDB check reads readyState and asks nobody; these put the question and wait for the answer. */
@Injectable()
export class KafkaIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly probe: KafkaProbe,
    private readonly membership: GroupMembership,
  ) {}

  /** Up when a broker gives the topic's metadata, each partition has a leader, and a consumer belongs to its group. */
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
