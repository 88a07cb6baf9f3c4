import kafkajs, { AssignerProtocol, Kafka, logLevel, type Admin } from 'kafkajs';
import { askAdmin } from './admin.question.ts';

export interface GroupMember {
  memberId: string;
  partitions: number[];
}

/** What Kafka knows of a system's topic and of its consumer group. */
export class GroupAdmin {
  private readonly kafka: Kafka;
  private readonly topic: string;
  private readonly groupId: string;

  constructor(env: Record<string, string>) {
    const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '', KAFKA_CONSUMER_GROUP: groupId = '' } = env;
    this.kafka = new Kafka({
      // Begins anywhere: kafkajs would ask the first one again and again, and that one may hang.
      brokers: async () => brokers.split(',').toSorted(() => Math.random() - 0.5),
      logLevel: logLevel.NOTHING,
      requestTimeout: 3000,
      retry: { retries: 2, initialRetryTime: 50 },
    });
    this.topic = topic;
    this.groupId = groupId;
  }

  private ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    return askAdmin(this.kafka, question);
  }

  /** The next offset that the group reads, by partition; -1 where it never committed. */
  async committed(): Promise<number[]> {
    const [answer] = await this.ask((admin) => admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] }));
    return byPartition(answer?.partitions ?? []);
  }

  /** The next offset to be written, by partition. */
  async ends(): Promise<number[]> {
    return byPartition(await this.ask((admin) => admin.fetchTopicOffsets(this.topic)));
  }

  /** Records that the group has not committed. */
  async lag(): Promise<number> {
    const [committed, ends] = await Promise.all([this.committed(), this.ends()]);
    return ends.reduce((sum, end, partition) => sum + end - Math.max(0, committed[partition] ?? 0), 0);
  }

  async leaders(): Promise<number[]> {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [this.topic] }));
    const partitions = topics[0]?.partitions ?? [];
    return partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader);
  }

  /** Replicas in sync of the partition that has fewest. */
  async inSync(): Promise<number> {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [this.topic] }));
    return Math.min(...(topics[0]?.partitions ?? []).map(({ isr }) => isr.length));
  }

  async members(): Promise<GroupMember[]> {
    const { groups } = await this.ask((admin) => admin.describeGroups([this.groupId]));
    return (groups[0]?.members ?? []).map(({ memberId, memberAssignment }) => {
      const { assignment = {} } = AssignerProtocol.MemberAssignment.decode(memberAssignment) ?? {};
      return { memberId, partitions: (assignment[this.topic] ?? []).toSorted() };
    });
  }

  /** As if nothing had been read. The group must have no member. */
  rewind(): Promise<void> {
    return this.ask((admin) => admin.resetOffsets({ groupId: this.groupId, topic: this.topic, earliest: true }));
  }

  /** As retention would: drops what lies before these offsets. */
  dropBefore(offsets: number[]): Promise<void> {
    const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
    return this.ask(async (admin) => {
      await admin.fetchTopicMetadata({ topics: [this.topic] });
      await admin.deleteTopicRecords({ topic: this.topic, partitions });
    });
  }

  /** Changes settings of a topic; what is not named goes back to its default. */
  setTopic(topic: string, config: Record<string, string>): Promise<unknown> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    return this.ask((admin) => admin.alterConfigs({ validateOnly: false, resources }));
  }

  deleteTopic(): Promise<unknown> {
    return this.ask((admin) => admin.deleteTopics({ topics: [this.topic] }));
  }
}

const byPartition = (entries: { partition: number; offset: string }[]): number[] =>
  entries.toSorted((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
