import { OwnSystem, PrometheusServer, eventually, type StackOptions, type SystemCounts } from '@wiber/harness';
import { ruleGroups } from '../rules/rule.files.ts';
import { TIME_FACTOR, shortenedRules } from '../rules/shortened.rules.ts';
import { SteadyTraffic } from './steady.traffic.ts';

/** So often it is scraped and the rules run: five times in the shortest range. */
const PERIOD_MS = 500;

/** The leader looks at the servers as often as it may. */
const ENVIRONMENT = { METRICS_SERVERS_PERIOD_MS: '1000' };

/** A running system with steady traffic, and a Prometheus that runs the rules of docker/prometheus on a shorter time. */
export class WatchedSystem {
  readonly system: OwnSystem;
  readonly prometheus: PrometheusServer;
  private readonly traffic: SteadyTraffic;

  private constructor(system: OwnSystem, prometheus: PrometheusServer) {
    this.system = system;
    this.prometheus = prometheus;
    this.traffic = new SteadyTraffic(system.urlOf('gateway'));
  }

  static async start(counts: SystemCounts, { env, ...options }: StackOptions = {}): Promise<WatchedSystem> {
    const system = await OwnSystem.start(counts, { ...options, env: { ...ENVIRONMENT, ...env } });
    try {
      const jobs = {
        gateway: system.urlsOf('gateway'),
        ingest: system.urlsOf('ingest'),
        metrics: system.urlsOf('metrics'),
      };
      const rules = [shortenedRules(ruleGroups(), TIME_FACTOR)];
      return new WatchedSystem(system, await PrometheusServer.start({ jobs, rules, periodMs: PERIOD_MS }));
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  /** What harness needs to write to the topic of the messages. */
  get env(): Record<string, string> {
    return {
      KAFKA_BOOTSTRAP_SERVERS: this.system.kafka.join(','),
      KAFKA_TOPIC: 'wiber.messages',
      KAFKA_CONSUMER_GROUP: 'wiber-consumers',
    };
  }

  /** The names of the alerts that fire now. */
  async firing(): Promise<string[]> {
    const alerts = await this.prometheus.alerts();
    return [...new Set(alerts.flatMap(({ name, state }) => (state === 'firing' ? [name] : [])))].toSorted();
  }

  /** Resolves once each of these series has a value. */
  untilRecorded(names: readonly string[]): Promise<void> {
    return eventually(async () => {
      const counts = await Promise.all(names.map(async (name) => (await this.prometheus.query(name)).length));
      const empty = names.filter((_, index) => counts[index] === 0);
      if (empty.length > 0) throw new Error(`${empty.join()} has no value`);
    });
  }

  /** Resolves once all of these fire at the same time. */
  untilFiring(names: readonly string[], within = 60_000): Promise<void> {
    return eventually(
      async () => {
        const firing = await this.firing();
        const waiting = names.filter((name) => !firing.includes(name));
        if (waiting.length > 0) throw new Error(`${waiting.join()} does not fire; ${firing.join() || 'nothing'} does`);
      },
      { within },
    );
  }

  /** Resolves once none of these fires. */
  untilEnded(names: readonly string[], within = 60_000): Promise<void> {
    return eventually(
      async () => {
        const firing = (await this.firing()).filter((name) => names.includes(name));
        if (firing.length > 0) throw new Error(`${firing.join()} still fires`);
      },
      { within },
    );
  }

  async close(): Promise<void> {
    await this.traffic.stop();
    await this.prometheus.stop();
    await this.system.close();
  }
}
