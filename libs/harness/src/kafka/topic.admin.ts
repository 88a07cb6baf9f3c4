import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { eventually } from '../eventually.ts';
import { askAdmin } from './admin.call.ts';
import { kafkaClient } from './kafka.client.ts';

export interface TopicPlan {
  topic: string;
  partitions: number;
  config?: Record<string, string>;
}

/** As the stack makes the topic of the messages. */
const DEFAULT_CONFIG = {
  'message.timestamp.type': 'LogAppendTime',
  'compression.type': 'uncompressed',
  'retention.ms': '-1',
};

/** Resolves once each partition has a leader: a broker learns of a new topic some time after it was made. */
export const createTopic = (brokers: string[], { topic, partitions, config = {} }: TopicPlan): Promise<void> =>
  askAdmin(kafkaClient(brokers), async (admin) => {
    const configEntries = Object.entries({ ...DEFAULT_CONFIG, ...config }).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: partitions, configEntries }] });
    await eventually(async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const led = topics[0]?.partitions.filter(({ leader, isr }) => leader >= 0 && isr.length > 0).length;
      if (led !== partitions) throw new Error(`${led} of ${partitions} partitions of ${topic} have a leader`);
    });
  });

/** Changes the topic and the group of a system, as an operator or retention would. */
export class TopicAdmin {
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

  /** Sets the offsets of the group to the start of the topic. The group must have no member. */
  rewind(): Promise<void> {
    return this.ask((admin) => admin.resetOffsets({ groupId: this.groupId, topic: this.topic, earliest: true }));
  }

  /** Deletes the records before these offsets, as retention would; one offset for each partition. */
  dropBefore(offsets: number[]): Promise<void> {
    const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
    return this.ask(async (admin) => {
      await admin.fetchTopicMetadata({ topics: [this.topic] });
      await admin.deleteTopicRecords({ topic: this.topic, partitions });
    });
  }

  /** Sets the configuration of a topic; every setting that is not named returns to its default. */
  setTopic(topic: string, config: Record<string, string>): Promise<unknown> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    return this.ask((admin) => admin.alterConfigs({ validateOnly: false, resources }));
  }

  /** Adds partitions to the topic, up to this number. Resolves once each has a leader. */
  growTo(count: number): Promise<void> {
    return this.ask(async (admin) => {
      await admin.createPartitions({ topicPartitions: [{ topic: this.topic, count }] });
      await eventually(async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [this.topic] });
        const led = topics[0]?.partitions.filter(({ leader }) => leader >= 0).length;
        if (led !== count) throw new Error(`${led} of ${count} partitions of ${this.topic} have a leader`);
      });
    });
  }

  deleteTopic(): Promise<unknown> {
    return this.ask((admin) => admin.deleteTopics({ topics: [this.topic] }));
  }

  private ask<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    return askAdmin(this.kafka, call);
  }
}
