import { AssignerProtocol, Kafka, logLevel, type Admin } from 'kafkajs';

export interface GroupMember {
  memberId: string;
  partitions: number[];
}

/** What Kafka knows of a system's topic and of its consumer group. */
export class GroupAdmin {
  private readonly admin: Admin;
  private readonly topic: string;
  private readonly groupId: string;

  private constructor(admin: Admin, env: Record<string, string>) {
    this.admin = admin;
    this.topic = env['KAFKA_TOPIC'] ?? '';
    this.groupId = env['KAFKA_CONSUMER_GROUP'] ?? '';
  }

  static async connect(env: Record<string, string>): Promise<GroupAdmin> {
    const { KAFKA_BOOTSTRAP_SERVERS: brokers = '' } = env;
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return new GroupAdmin(admin, env);
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }

  /** The next offset that the group reads, by partition; -1 where it never committed. */
  async committed(): Promise<number[]> {
    const [answer] = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] });
    return byPartition(answer?.partitions ?? []);
  }

  /** The next offset to be written, by partition. */
  async ends(): Promise<number[]> {
    return byPartition(await this.admin.fetchTopicOffsets(this.topic));
  }

  async leaders(): Promise<number[]> {
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [this.topic] });
    const partitions = topics[0]?.partitions ?? [];
    return partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader);
  }

  async members(): Promise<GroupMember[]> {
    const { groups } = await this.admin.describeGroups([this.groupId]);
    return (groups[0]?.members ?? []).map(({ memberId, memberAssignment }) => {
      const { assignment = {} } = AssignerProtocol.MemberAssignment.decode(memberAssignment) ?? {};
      return { memberId, partitions: (assignment[this.topic] ?? []).toSorted() };
    });
  }

  /** As if nothing had been read. The group must have no member. */
  rewind(): Promise<void> {
    return this.admin.resetOffsets({ groupId: this.groupId, topic: this.topic, earliest: true });
  }

  /** As retention would: drops what lies before these offsets. */
  dropBefore(offsets: number[]): Promise<void> {
    const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
    return this.admin.deleteTopicRecords({ topic: this.topic, partitions });
  }

  deleteTopic(): Promise<void> {
    return this.admin.deleteTopics({ topics: [this.topic] });
  }
}

const byPartition = (entries: { partition: number; offset: string }[]): number[] =>
  entries.toSorted((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
