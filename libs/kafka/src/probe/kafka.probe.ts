import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { withDeadline } from '@wiber/resilience';

export interface CommittedOffset {
  partition: number;
  /** The next that is read. */
  offset: number;
  /** What was committed with it. */
  note: string | null;
}

/**
 * One admin connection, taken anew after any failure: kafkajs keeps a broken one and goes on failing on it.
 */
export class KafkaProbe {
  private readonly kafka: Kafka;
  private admin: Admin | undefined;
  private closed = false;

  constructor(kafka: Kafka) {
    this.kafka = kafka;
  }

  /** The id of each partition's leader, -1 where there is none, one for each partition of the topic. */
  async leadersOf(topic: string, deadlineMs: number): Promise<number[]> {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }), deadlineMs);
    return (topics[0]?.partitions ?? []).map(({ leader }) => leader);
  }

  /** Resolves when the topic's metadata come from a broker and each partition has a leader. */
  async check(topic: string, deadlineMs: number): Promise<void> {
    const headless = (await this.leadersOf(topic, deadlineMs)).filter((leader) => leader < 0);
    if (headless.length > 0) throw new Error(`${headless.length} partitions of ${topic} have no leader`);
  }

  /** Committed offsets of a group; what it never committed is absent. */
  async committed(groupId: string, topic: string, deadlineMs: number): Promise<CommittedOffset[]> {
    const answer = await this.ask((admin) => admin.fetchOffsets({ groupId, topics: [topic] }), deadlineMs);
    return (answer[0]?.partitions ?? []).flatMap(({ partition, offset, metadata }) =>
      Number(offset) < 0 ? [] : { partition, offset: Number(offset), note: metadata },
    );
  }

  async hasTopic(topic: string, deadlineMs: number): Promise<boolean> {
    return (await this.ask((admin) => admin.listTopics(), deadlineMs)).includes(topic);
  }

  /** The settings of a topic, by their names. */
  async settingsOf(topic: string, deadlineMs: number): Promise<Map<string, string>> {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
    const { resources } = await this.ask(
      (admin) => admin.describeConfigs({ resources: [resource], includeSynonyms: false }),
      deadlineMs,
    );
    return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  }

  /** Makes a topic with the brokers' own number of replicas; one that is there already stays as it is. */
  async createTopic(topic: string, config: Record<string, string>, deadlineMs: number): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    // -1: the brokers' default.replication.factor (KIP-464).
    const plan = { topic, numPartitions: 1, replicationFactor: -1, configEntries };
    await this.ask((admin) => admin.createTopics({ waitForLeaders: false, topics: [plan] }), deadlineMs);
  }

  async close(): Promise<void> {
    this.closed = true;
    const admin = this.admin;
    this.admin = undefined;
    await admin?.disconnect().catch(() => undefined);
  }

  private async ask<T>(question: (admin: Admin) => Promise<T>, deadlineMs: number): Promise<T> {
    const admin = this.admin ?? this.kafka.admin({ retry: { retries: 1, initialRetryTime: 50 } });
    const answer = (async () => {
      if (this.admin !== admin) await admin.connect();
      return question(admin);
    })();
    try {
      const result = await withDeadline(answer, deadlineMs, 'Kafka');
      // Of several that were asked at once before there was a connection, one keeps its own.
      if (this.closed || (this.admin && this.admin !== admin)) this.drop(admin);
      else this.admin = admin;
      return result;
    } catch (error) {
      if (this.admin === admin) this.admin = undefined;
      this.drop(admin);
      // A connection that comes too late is dropped when it comes.
      const late = () => this.drop(admin);
      answer.then(late, late);
      throw error;
    }
  }

  private drop(admin: Admin): void {
    void admin.disconnect().catch(() => undefined);
  }
}
