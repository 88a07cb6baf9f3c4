import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Batch, type IHeaders } from 'kafkajs';
import { deadLetterTopicOf, readDeadLetter, type DeadLetter } from '@wiber/contracts';

export interface TopicRecord {
  partition: number;
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

/** All that a topic holds now, by partition and offset. */
export const readTopic = async (brokers: string[], topic: string): Promise<TopicRecord[]> => {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const groupId = `reader-${randomUUID()}`;
  await admin.connect();
  const watermarks = await admin.fetchTopicOffsets(topic);
  const left = new Map(
    watermarks.filter(({ high, low }) => high !== low).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  const records: TopicRecord[] = [];
  if (left.size > 0) {
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachBatch = async ({ batch }: { batch: Batch }): Promise<void> => {
        for (const { offset, key, value, headers = {} } of batch.messages)
          records.push({ partition: batch.partition, offset: Number(offset), key, value, headers });
        if (BigInt(batch.lastOffset()) + 1n >= (left.get(batch.partition) ?? 0n)) left.delete(batch.partition);
        if (left.size === 0) resolve();
      };
      consumer.run({ eachBatch }).catch(reject);
    });
    await consumer.disconnect();
    await admin.deleteGroups([groupId]);
  }
  await admin.disconnect();
  return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
};

export interface DeadLetterRecord extends TopicRecord {
  letter: DeadLetter;
}

/** The dead letters of a system, by the place of their record. A record of that topic that is none makes it reject. */
export const readDeadLetters = async (env: Record<string, string>): Promise<DeadLetterRecord[]> => {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '' } = env;
  const records = await readTopic(brokers.split(','), deadLetterTopicOf(topic));
  const letters = records.map((record) => {
    const letter = readDeadLetter(record.headers);
    if (!letter) throw new Error(`the record at ${record.partition}/${record.offset} is no dead letter`);
    return { ...record, letter };
  });
  return letters.toSorted((a, b) => a.letter.partition - b.letter.partition || a.letter.offset - b.letter.offset);
};
