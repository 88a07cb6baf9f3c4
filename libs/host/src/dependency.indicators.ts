import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { KafkaProbe } from '@wiber/kafka';
import { Store } from '@wiber/mongo';
import { READINESS_DEADLINE_MS, type HealthLooks } from '@wiber/observability';
import { singleFlight, withDeadline } from '@wiber/resilience';

/** The name of the topic whose leaders are asked for. */
export const PROBED_TOPIC = Symbol('PROBED_TOPIC');

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

/**
 * Terminus' own MongoDB check only reads readyState. These indicators send a request and wait for the answer. Probes that
 * come while one is under way share its answer: any number of probes is one request, also while the dependency hangs.
 */
@Injectable()
export class KafkaIndicator {
  private readonly leaders: () => Promise<number[]>;

  constructor(
    private readonly health: HealthIndicatorService,
    probe: KafkaProbe,
    private readonly membership: GroupMembership,
    @Inject(PROBED_TOPIC) private readonly topic: string,
  ) {
    this.leaders = singleFlight(() => probe.leadersOf(topic, READINESS_DEADLINE_MS));
  }

  /** Up when a broker gives the topic's metadata, each partition has a leader, and the consumer is in its group. */
  async check(): Promise<HealthIndicatorResult> {
    return this.health
      .check('kafka')
      .attempt(async () => {
        this.membership.check();
        const leaderless = (await this.leaders()).filter((leader) => leader < 0).length;
        if (leaderless > 0) throw new Error(`${leaderless} partitions of ${this.topic} have no leader`);
      })
      .withTimeout(READINESS_DEADLINE_MS);
  }

  /** True when a broker answers within a second and at least one partition has a leader. */
  async hasLeader(): Promise<boolean> {
    return (await this.leaders()).some((leader) => leader >= 0);
  }
}

@Injectable()
export class MongoIndicator {
  private readonly ping: () => Promise<void>;

  constructor(
    private readonly health: HealthIndicatorService,
    store: Store,
  ) {
    this.ping = singleFlight(() => withDeadline(store.ping(), READINESS_DEADLINE_MS, 'MongoDB'));
  }

  /** Up when the primary answers a ping. */
  async check(): Promise<HealthIndicatorResult> {
    return this.health
      .check('mongodb')
      .attempt(() => this.ping())
      .withTimeout(READINESS_DEADLINE_MS);
  }

  /** True when the primary answers a ping within a second. */
  async answers(): Promise<boolean> {
    await this.ping();
    return true;
  }
}

export const looksOf = (kafka: KafkaIndicator, mongo: MongoIndicator): HealthLooks => ({
  readiness: [() => kafka.check(), () => mongo.check()],
  serving: { kafka: () => kafka.hasLeader(), mongodb: () => mongo.answers() },
});
