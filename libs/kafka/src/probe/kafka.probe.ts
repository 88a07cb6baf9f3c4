import kafkajs from 'kafkajs';
import type { LogPosition } from '@wiber/contracts';
import { AdminCalls } from './admin.calls.ts';

/** The position that the group reads next, so all before it are handled. */
export interface CommittedOffset extends LogPosition {
  /** The metadata that were committed with the offset. */
  note: string | null;
}

export interface NewTopic {
  topic: string;
  partitions: number;
  config: Record<string, string>;
}

/** Asks Kafka about topics and groups. Each deadline is in milliseconds. */
export class KafkaProbe extends AdminCalls {
  /** The id of the leader of each partition of the topic, by partition; -1 for a partition without a leader. */
  async leadersOf(topic: string, deadlineMs: number): Promise<number[]> {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }), deadlineMs);
    // A broker lists the partitions in any order.
    const partitions = (topics[0]?.partitions ?? []).toSorted((a, b) => a.partitionId - b.partitionId);
    return partitions.map(({ leader }) => leader);
  }

  /** The committed offsets of a group. A partition without a commit is absent. */
  async committed(groupId: string, topic: string, deadlineMs: number): Promise<CommittedOffset[]> {
    const answer = await this.ask((admin) => admin.fetchOffsets({ groupId, topics: [topic] }), deadlineMs);
    return (answer[0]?.partitions ?? []).flatMap(({ partition, offset, metadata }) =>
      Number(offset) < 0 ? [] : { partition, offset: Number(offset), note: metadata },
    );
  }

  /** The first offset that each partition of the topic holds. Records before it are deleted. */
  async starts(topic: string, deadlineMs: number): Promise<Map<number, number>> {
    const offsets = await this.ask((admin) => admin.fetchTopicOffsets(topic), deadlineMs);
    return new Map(offsets.map(({ partition, low }) => [partition, Number(low)]));
  }

  /** The number of replicas of the partition that has the fewest. */
  async replicasOf(topic: string, deadlineMs: number): Promise<number> {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }), deadlineMs);
    return Math.min(...(topics[0]?.partitions ?? []).map(({ replicas }) => replicas.length));
  }

  /** How many brokers are in the cluster now. */
  async brokerCount(deadlineMs: number): Promise<number> {
    return (await this.ask((admin) => admin.describeCluster(), deadlineMs)).brokers.length;
  }

  /** The offset after the last record that every in-sync replica has, by partition; undefined where no leader says it. */
  async endsOf(topic: string, deadlineMs: number): Promise<(number | undefined)[]> {
    return this.ask(async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const offsets = await admin.fetchTopicOffsets(topic);
      const ends = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
      return Array.from({ length: topics[0]?.partitions.length ?? 0 }, (_, partition) => ends.get(partition));
    }, deadlineMs);
  }

  /** The names of all topics that this client may see. */
  async topicNames(deadlineMs: number): Promise<string[]> {
    return this.ask((admin) => admin.listTopics(), deadlineMs);
  }

  /** The settings of a topic by name. */
  async settingsOf(topic: string, deadlineMs: number): Promise<Map<string, string>> {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
    const { resources } = await this.ask(
      (admin) => admin.describeConfigs({ resources: [resource], includeSynonyms: false }),
      deadlineMs,
    );
    return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  }

  /** Creates a topic with the brokers' default number of replicas. An existing topic is not changed. */
  async createTopic({ topic, partitions, config }: NewTopic, deadlineMs: number): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    // -1 means the brokers' default.replication.factor (KIP-464).
    const plan = { topic, numPartitions: partitions, replicationFactor: -1, configEntries };
    await this.ask((admin) => admin.createTopics({ waitForLeaders: false, topics: [plan] }), deadlineMs);
  }
}
