import type { mongo } from 'mongoose';
import { wallNow } from '@wiber/contracts';
import type { StoreConnection } from '../connection/store.connection.ts';
import type { MessageCollection } from '../messages/message.insert.ts';
import type { TopicDocument } from './topic.schema.ts';

export interface RegisterPorts {
  connection: StoreConnection;
  /** With a write concern of majority: a number that a failover takes back would let another one in. */
  topics: () => mongo.Collection<TopicDocument>;
  messages: () => MessageCollection;
}

/**
 * Remembers by how many partitions the conversations of a topic are spread. The number decides the partition of a key, so
 * with another number a conversation would go on in another partition and lose its order.
 */
export class PartitionRegister {
  private readonly ports: RegisterPorts;

  constructor(ports: RegisterPorts) {
    this.ports = ports;
  }

  /**
   * Remembers the number of a topic that is seen for the first time. While no message is stored, another number takes its
   * place: no conversation can lose its order.
   * @returns the number that is remembered now
   * @throws StoreUnavailableError when it is not known whether it is remembered
   */
  async remember(topic: string, partitions: number): Promise<number> {
    const { connection, topics, messages } = this.ports;
    return connection.run(async () => {
      const first = { $setOnInsert: { partitions, since: wallNow() } };
      const known = await topics().findOneAndUpdate({ _id: topic }, first, { upsert: true, returnDocument: 'after' });
      if (!known || known.partitions === partitions) return partitions;
      if (await messages().findOne({}, { projection: { _id: 1 } })) return known.partitions;
      await this.set(topic, partitions);
      return partitions;
    });
  }

  /** Remembers another number, as an operator wants it. @throws StoreUnavailableError */
  async change(topic: string, partitions: number): Promise<void> {
    await this.ports.connection.run(() => this.set(topic, partitions));
  }

  private async set(topic: string, partitions: number): Promise<void> {
    await this.ports.topics().updateOne({ _id: topic }, { $set: { partitions, since: wallNow() } }, { upsert: true });
  }
}
