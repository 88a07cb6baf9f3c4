import { kafkaClient } from './kafka.client.ts';

/** Commits an offset of the group with a note, as another program could. The group must have no member. */
export const commitNote = async (
  env: Record<string, string>,
  { partition, offset, note }: { partition: number; offset: number; note: string },
): Promise<void> => {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '', KAFKA_CONSUMER_GROUP: groupId = '' } = env;
  const consumer = kafkaClient(brokers.split(',')).consumer({ groupId, allowAutoTopicCreation: false });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({ autoCommit: false, eachMessage: async () => undefined });
    await joined;
    await consumer.commitOffsets([{ topic, partition, offset: String(offset), metadata: note }]);
  } finally {
    await consumer.disconnect();
  }
};
