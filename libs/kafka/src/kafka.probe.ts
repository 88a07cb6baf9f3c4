import type { Admin, Kafka } from 'kafkajs';
import { withDeadline } from '@wiber/resilience';

export interface CommittedOffsets {
  offsets: Map<number, number>;
  notes: string[];
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

  /** Committed offsets of a group by partition, and their notes; what it never committed is absent. */
  async committed(groupId: string, topic: string, deadlineMs: number): Promise<CommittedOffsets> {
    const answer = await this.ask((admin) => admin.fetchOffsets({ groupId, topics: [topic] }), deadlineMs);
    const committed = (answer[0]?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
    return {
      offsets: new Map(committed.map(({ partition, offset }) => [partition, Number(offset)])),
      notes: committed.flatMap(({ metadata }) => metadata ?? []),
    };
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
