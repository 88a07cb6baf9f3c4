import kafkajs, { Kafka, Partitioners, logLevel, type Admin } from 'kafkajs';
import { askAdmin, eventually } from '@wiber/harness';

/** Changes a topic past the product, as an operator's mistake or a cluster's own doing would. */
export class TopicTamper {
  private readonly kafka: Kafka;
  private readonly topic: string;

  constructor(brokers: string[], topic: string) {
    this.kafka = new Kafka({ brokers, clientId: 'chaos', logLevel: logLevel.NOTHING });
    this.topic = topic;
  }

  /** Where a conversation lies: the Java client's default for keyed records. */
  async partitionOf(key: string): Promise<number> {
    const metadata = await this.ask((admin) => admin.fetchTopicMetadata({ topics: [this.topic] }));
    const partitionMetadata = metadata.topics[0]?.partitions ?? [];
    return Partitioners.DefaultPartitioner()({ topic: this.topic, partitionMetadata, message: { key, value: null } });
  }

  /** Another broker leads the partition when this resolves, and all that lived live. Both replicas must be in sync. */
  async moveLeader(partition: number): Promise<void> {
    await this.ask(async (admin) => {
      const { leader, replicas } = await this.look(admin, partition);
      const others = replicas.filter((replica) => replica !== leader);
      await this.assign(admin, { partition, replicas: others });
      await eventually(async () => {
        if ((await this.look(admin, partition)).leader === leader) throw new Error('the leader has not moved yet');
      });
      await this.assign(admin, { partition, replicas: [...others, leader] });
      await eventually(async () => {
        const { isr } = await this.look(admin, partition);
        if (isr.length < replicas.length) throw new Error('the old leader is not in sync yet');
      });
    });
  }

  /** Below what records have, every append is refused until it is set back. */
  async setLargestBatch(bytes: number): Promise<void> {
    const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }];
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: this.topic, configEntries }];
    await this.ask((admin) => admin.alterConfigs({ validateOnly: false, resources }));
  }

  private async look(admin: Admin, partition: number) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [this.topic] });
    const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
    if (!found) throw new Error(`there is no partition ${partition} of ${this.topic}`);
    return found;
  }

  private async assign(admin: Admin, assignment: { partition: number; replicas: number[] }): Promise<void> {
    await admin.alterPartitionReassignments({ topics: [{ topic: this.topic, partitionAssignment: [assignment] }] });
  }

  private ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    return askAdmin(this.kafka, question);
  }
}
