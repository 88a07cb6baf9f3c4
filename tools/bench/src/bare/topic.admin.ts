import { Kafka, logLevel } from 'kafkajs';

/** Makes a topic as the stack makes the system's: the apps have no need to, so this is plain kafkajs. */
export const createTopic = async (brokers: string[], topic: string, numPartitions: number): Promise<void> => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, configEntries }] });
  await admin.disconnect();
};
