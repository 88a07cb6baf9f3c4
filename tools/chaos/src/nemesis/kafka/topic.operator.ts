import kafkajs, { Partitioners, type Admin, type Kafka } from 'kafkajs';
import { askAdmin, eventually, kafkaClient } from '@wiber/harness';

/** DYNAMIC_TOPIC_CONFIG of https://kafka.apache.org/protocol#The_Messages_DescribeConfigs */
const SET_ON_THE_TOPIC = 1;

/** Changes a topic from outside the product, as an operator or the cluster itself can. */
export class TopicOperator {
  private readonly kafka: Kafka;
  private readonly topic: string;

  constructor(brokers: string[], topic: string) {
    this.kafka = kafkaClient(brokers, { clientId: 'chaos' });
    this.topic = topic;
  }

  /** The partition of a key, by the Java client's default for keyed records. */
  async partitionOf(key: string): Promise<number> {
    const metadata = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [this.topic] }));
    const partitionMetadata = metadata.topics[0]?.partitions ?? [];
    return Partitioners.DefaultPartitioner()({ topic: this.topic, partitionMetadata, message: { key, value: null } });
  }

  /** Moves the leadership to another broker while all brokers live. Resolves when both replicas are in sync again. */
  async moveLeader(partition: number): Promise<void> {
    await this.ask(async (admin) => {
      const { leader, replicas } = await this.describePartition(admin, partition);
      const others = replicas.filter((replica) => replica !== leader);
      await this.assignReplicas(admin, { partition, replicas: others });
      await eventually(async () => {
        const now = await this.describePartition(admin, partition);
        if (now.leader === leader) throw new Error('the leader has not moved yet');
      });
      await this.assignReplicas(admin, { partition, replicas: [...others, leader] });
      await eventually(async () => {
        const { isr } = await this.describePartition(admin, partition);
        if (isr.length < replicas.length) throw new Error('the old leader is not in sync yet');
      });
    });
  }

  /** A limit below the size of the records makes the topic refuse every append. */
  setMaxMessageBytes(bytes: number): Promise<void> {
    return this.set('max.message.bytes', String(bytes));
  }

  /** Sets one setting. The others stay: Kafka's request replaces all that a topic has. */
  async set(name: string, value: string): Promise<void> {
    await this.ask(async (admin) => {
      const others = (await this.ownSettings(admin)).filter((entry) => entry.name !== name);
      const configEntries = [...others, { name, value }];
      const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: this.topic, configEntries }];
      await admin.alterConfigs({ validateOnly: false, resources });
    });
  }

  /** Deletes the topic, and makes one of the same name with the same partitions, replicas and configuration. */
  async remake(): Promise<void> {
    const plan = await this.ask(async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [this.topic] });
      const partitions = topics[0]?.partitions ?? [];
      return {
        topic: this.topic,
        numPartitions: partitions.length,
        replicationFactor: partitions[0]?.replicas.length ?? 1,
        configEntries: await this.ownSettings(admin),
      };
    });
    await this.ask((admin) => admin.deleteTopics({ topics: [this.topic] }));
    // Until the broker has deleted it, it refuses a topic of this name.
    await eventually(() => this.ask((admin) => admin.createTopics({ topics: [plan], waitForLeaders: true })));
  }

  private async ownSettings(admin: Admin): Promise<{ name: string; value: string }[]> {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: this.topic };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const own = (resources[0]?.configEntries ?? []).filter(({ configSource }) => configSource === SET_ON_THE_TOPIC);
    return own.map(({ configName, configValue }) => ({ name: configName, value: configValue }));
  }

  private async describePartition(admin: Admin, partition: number) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [this.topic] });
    const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
    if (!found) throw new Error(`${this.topic} has no partition ${partition}`);
    return found;
  }

  private async assignReplicas(admin: Admin, assignment: { partition: number; replicas: number[] }): Promise<void> {
    await admin.alterPartitionReassignments({ topics: [{ topic: this.topic, partitionAssignment: [assignment] }] });
  }

  private ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    return askAdmin(this.kafka, question);
  }
}
