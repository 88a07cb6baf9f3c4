import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import { GroupReader } from '@wiber/evidence';
import { OwnSystem } from '@wiber/harness';
import type { FailoverPlan } from './failover.plan.ts';

/** An empty variable is not set: the cluster has servers, names and times of its own, whatever the environment has. */
const OWN = {
  ...{ KAFKA_BOOTSTRAP_SERVERS: '', MONGO_URI: '', KAFKA_TOPIC: '', KAFKA_CONSUMER_GROUP: '' },
  ...{ MONGO_DB: '', MONGO_COLLECTION: '', KAFKA_PARTITIONS: '', KAFKA_SESSION_TIMEOUT_MS: '' },
  ...{ METRICS_LEASE_TTL_MS: '', METRICS_LEASE_RENEW_MS: '', METRICS_LEASE_RETRY_MS: '' },
};

export interface ClusterOptions {
  env: Record<string, string>;
  /** Ends it, also while it starts. */
  signal: AbortSignal;
  /** By the name of a process: by how many seconds its wall clock is wrong. It needs libfaketime. */
  clocks?: Record<string, number>;
}

/** The cluster of a demonstration, as its clients and operators see it. */
export class Cluster {
  readonly topic = DEFAULT_TOPIC;
  readonly names = { database: DEFAULT_DATABASE, collection: DEFAULT_COLLECTION };
  readonly group: GroupReader;
  /** What runs now. */
  counts: FailoverPlan['counts'];
  private readonly system: OwnSystem;

  private constructor(system: OwnSystem, counts: FailoverPlan['counts']) {
    this.system = system;
    this.counts = counts;
    this.group = new GroupReader({
      KAFKA_BOOTSTRAP_SERVERS: system.kafka.join(','),
      KAFKA_TOPIC: DEFAULT_TOPIC,
      KAFKA_CONSUMER_GROUP: DEFAULT_CONSUMER_GROUP,
    });
  }

  static async start(counts: FailoverPlan['counts'], { env, signal, clocks = {} }: ClusterOptions): Promise<Cluster> {
    return new Cluster(await OwnSystem.start(counts, { env: { ...OWN, ...env }, clocks, signal }), counts);
  }

  get mongoUri(): string {
    return this.system.mongoUri;
  }

  get members(): readonly { id: string; address: string }[] {
    return this.system.run.mongo;
  }

  get apps(): readonly { name: string; instance: string; url: string }[] {
    return this.system.run.apps;
  }

  /** The folder with one log file for each process. */
  get logs(): string {
    return this.system.logs;
  }

  get gateways(): { instance: string; url: string }[] {
    return this.apps.filter(({ name }) => name === 'gateway');
  }

  /** The addresses of the brokers by their names, without one that is known to be dead. */
  brokers(without?: string): string[] {
    return this.system.run.kafka.filter(({ id }) => id !== without).map(({ address }) => address);
  }

  pidOf(name: string): number {
    return this.system.pids.get(name) ?? -1;
  }

  /** The name of the member at this address. */
  memberAt(address: string): string {
    return this.members.find((member) => member.address === address)?.id ?? address;
  }

  /** kill -9. The process stays down until `launch`. */
  kill(name: string): Promise<void> {
    return this.system.tell('kill', name);
  }

  launch(name: string): Promise<void> {
    return this.system.tell('launch', name);
  }

  /** Starts one more ingest; resolves to its name, before it is ready. */
  async addIngest(): Promise<string> {
    const instance = await this.system.add('ingest');
    this.counts = { ...this.counts, ingest: this.counts.ingest + 1 };
    return instance;
  }

  get operatorToken(): string {
    return this.system.operatorToken;
  }

  close(): Promise<void> {
    return this.system.close();
  }
}
