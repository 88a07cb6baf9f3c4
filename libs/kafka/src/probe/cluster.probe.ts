import kafkajs from 'kafkajs';
import { AdminCalls } from './admin.calls.ts';

/** A member of a consumer group, and what it reads. */
export interface SeenMember {
  member: string;
  client: string;
  host: string;
  partitions: number[];
}

/** The copies of a partition, by the ids of their brokers; -1 where no broker leads it. */
export interface SeenReplicas {
  partition: number;
  leader: number;
  replicas: number[];
  inSync: number[];
}

/** Asks Kafka about its brokers and the copies they have, for people. Each deadline is in milliseconds. */
export class ClusterProbe extends AdminCalls {
  /** The state of a group as its coordinator names it, and its members with their partitions of a topic. */
  async group(groupId: string, topic: string, deadlineMs: number): Promise<{ state: string; members: SeenMember[] }> {
    const { groups } = await this.ask((admin) => admin.describeGroups([groupId]), deadlineMs);
    const { state = 'Dead', members = [] } = groups[0] ?? {};
    return {
      state,
      members: members.map(({ memberId, clientId, clientHost, memberAssignment }) => {
        const partitions = assignedOf(memberAssignment, topic);
        return { member: memberId, client: clientId, host: clientHost, partitions };
      }),
    };
  }

  /** The brokers that the cluster has now, and the one that answers for its controller. */
  async brokers(
    deadlineMs: number,
  ): Promise<{ controller: number | null; brokers: { id: number; address: string }[] }> {
    const { controller, brokers } = await this.ask((admin) => admin.describeCluster(), deadlineMs);
    return {
      controller,
      brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, address: `${host}:${port}` })),
    };
  }

  /** The copies of each partition of a topic, by number. */
  async replicas(topic: string, deadlineMs: number): Promise<SeenReplicas[]> {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }), deadlineMs);
    return (topics[0]?.partitions ?? [])
      .map(({ partitionId, leader, replicas, isr }) => ({ partition: partitionId, leader, replicas, inSync: isr }))
      .sort((one, other) => one.partition - other.partition);
  }
}

/** None of a member that has no assignment yet, or one in a form that is not the consumer protocol's. */
const assignedOf = (assignment: Buffer, topic: string): number[] => {
  try {
    return kafkajs.AssignerProtocol.MemberAssignment.decode(assignment)?.assignment[topic] ?? [];
  } catch {
    return [];
  }
};
