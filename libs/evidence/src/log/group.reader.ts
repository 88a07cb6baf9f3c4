import { AssignerProtocol, type Admin, type Kafka } from 'kafkajs';
import { askAdmin, kafkaClient } from '@wiber/harness';
import { inOrder } from './partition.order.ts';

export interface GroupMember {
  memberId: string;
  partitions: number[];
}

/** Reads what Kafka knows about the topic and the consumer group of a system. */
export class GroupReader {
  private readonly kafka: Kafka;
  private readonly topic: string;
  private readonly groupId: string;

  constructor(env: Record<string, string>) {
    const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '', KAFKA_CONSUMER_GROUP: groupId = '' } = env;
    const retry = { retries: 2, initialRetryTime: 50 };
    this.kafka = kafkaClient(brokers.split(','), { requestTimeout: 3000, retry });
    this.topic = topic;
    this.groupId = groupId;
  }

  /** The next offset that the group reads, by partition; -1 where it committed nothing. */
  async committed(): Promise<number[]> {
    const [answer] = await this.ask((admin) => admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] }));
    return byPartition(answer?.partitions ?? []);
  }

  /** The next offset that is written, by partition. */
  async ends(): Promise<number[]> {
    return byPartition(await this.ask((admin) => admin.fetchTopicOffsets(this.topic)));
  }

  /** How many records the group has not committed. */
  async lag(): Promise<number> {
    const [committed, ends] = await Promise.all([this.committed(), this.ends()]);
    return ends.reduce((sum, end, partition) => sum + end - Math.max(0, committed[partition] ?? 0), 0);
  }

  /** The id of the broker that leads each partition. */
  async leaders(): Promise<number[]> {
    const partitions = await this.partitions();
    return partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader);
  }

  /** The number of replicas in sync of the partition that has the fewest. */
  async inSync(): Promise<number> {
    return Math.min(...(await this.partitions()).map(({ isr }) => isr.length));
  }

  async members(): Promise<GroupMember[]> {
    const { groups } = await this.ask((admin) => admin.describeGroups([this.groupId]));
    return (groups[0]?.members ?? []).map(({ memberId, memberAssignment }) => {
      const { assignment = {} } = AssignerProtocol.MemberAssignment.decode(memberAssignment) ?? {};
      return { memberId, partitions: (assignment[this.topic] ?? []).toSorted() };
    });
  }

  private async partitions() {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [this.topic] }));
    return topics[0]?.partitions ?? [];
  }

  private ask<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    return askAdmin(this.kafka, call);
  }
}

/** @throws EvidenceError when a partition is missing: those behind it would be taken for others */
const byPartition = (entries: { partition: number; offset: string }[]): number[] =>
  inOrder(entries).map(({ offset }) => Number(offset));
