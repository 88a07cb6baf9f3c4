import { Kafka, logLevel } from 'kafkajs';
import { decodeMessage } from '@wiber/contracts';
import type { LogRow } from '../checker/observation.ts';

export interface LogEvidence {
  log: LogRow[];
  logEnds: Map<number, number>;
}

/** What lies in the log, read from outside with a plain consumer: the checker believes none of the code under test. */
export const readLog = async (brokers: string[], topic: string): Promise<LogEvidence> => {
  const kafka = new Kafka({ brokers, clientId: 'chaos', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  const logEnds = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  const consumer = kafka.consumer({ groupId: `chaos-${process.pid}-${Date.now()}` });
  const log: LogRow[] = [];
  const missing = new Set([...logEnds].filter(([, end]) => end > 0).map(([partition]) => partition));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (missing.size === 0) return resolve();
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    void consumer.run({
      eachBatch: async ({ batch }) => {
        const end = logEnds.get(batch.partition) ?? 0;
        for (const { offset, value } of batch.messages) {
          if (Number(offset) >= end) continue;
          const decoded = decodeMessage(value);
          const messageId = decoded.ok ? decoded.message.messageId : undefined;
          log.push({ partition: batch.partition, offset: Number(offset), messageId });
        }
        if (Number(batch.lastOffset()) + 1 >= end) missing.delete(batch.partition);
        if (missing.size === 0) resolve();
      },
    });
  });
  await consumer.disconnect();
  await admin.disconnect();
  return { log, logEnds };
};

export const leaderIdOf = async (brokers: string[], topic: string, partition: number): Promise<number> => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
  } finally {
    await admin.disconnect();
  }
};

/** Records that the group has not committed yet. */
export const lagOf = async (brokers: string[], topic: string, groupId: string): Promise<number> => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const at = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]));
    return ends.reduce((sum, { partition, high }) => sum + Number(high) - (at.get(partition) ?? 0), 0);
  } finally {
    await admin.disconnect();
  }
};
