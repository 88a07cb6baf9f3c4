import { kafkaClient } from '@wiber/harness';
import type { Kafka, Producer } from 'kafkajs';
import { readClock, type ClockReading } from '../clocks/clock.reading.ts';

const TOPIC = 'wiber.chaos.clocks';

const numberOf = (broker: string): number => Number(broker.split('-')[1]);

/**
 * Reads the wall clocks of brokers. Kafka tells no client the time, but the answer to a produce request has the time at which
 * the leader appended its record. So each broker leads a partition of a topic of its own, which nobody else has a copy of.
 */
export class BrokerClocks {
  private readonly kafka: Kafka;
  private readonly names: readonly string[];
  private producer: Promise<Producer> | undefined;

  /** @param names kafka-1, kafka-2, … */
  constructor(addresses: string[], names: readonly string[]) {
    this.kafka = kafkaClient(addresses, { clientId: 'wiber-chaos-clocks', retry: { retries: 0 } });
    this.names = names;
  }

  /** @throws when the broker does not answer */
  async read(broker: string): Promise<ClockReading> {
    const producer = await (this.producer ??= this.open());
    return readClock(async () => {
      const messages = [{ partition: this.names.indexOf(broker), value: '' }];
      const [appended] = await producer.send({ topic: TOPIC, acks: 1, timeout: 2000, messages });
      return Number(appended?.logAppendTime);
    });
  }

  async close(): Promise<void> {
    await (await this.producer?.catch(() => undefined))?.disconnect();
  }

  private async open(): Promise<Producer> {
    const admin = this.kafka.admin();
    const producer = this.kafka.producer();
    try {
      await admin.connect();
      const replicaAssignment = this.names.map((name, partition) => ({ partition, replicas: [numberOf(name)] }));
      const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
      await admin.createTopics({ topics: [{ topic: TOPIC, replicaAssignment, configEntries }], waitForLeaders: true });
      await producer.connect();
      return producer;
    } catch (error) {
      this.producer = undefined;
      throw error;
    } finally {
      await admin.disconnect();
    }
  }
}
