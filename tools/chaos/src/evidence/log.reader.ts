import { createHash } from 'node:crypto';
import { Kafka, logLevel, type Admin, type KafkaMessage } from 'kafkajs';
import { decodeMessage, readDeadLetter } from '@wiber/contracts';
import { askAdmin } from '@wiber/harness';
import type { DeadLetterRow, LogRow } from '../checker/observation.ts';

export interface LogEvidence {
  log: LogRow[];
  logEnds: Map<number, number>;
}

interface Place {
  partition: number;
  offset: number;
}

/** A client that starts anywhere: the first address may be one that hangs. */
const clientOf = (brokers: string[]): Kafka =>
  new Kafka({
    brokers: async () => brokers.toSorted(() => Math.random() - 0.5),
    clientId: 'chaos',
    logLevel: logLevel.NOTHING,
    requestTimeout: 5000,
  });

const asked = <T>(brokers: string[], question: (admin: Admin) => Promise<T>): Promise<T> =>
  askAdmin(clientOf(brokers), question);

/** Of a record's key and value; one that has none differs from one that is empty. */
export const digestOf = (key: Buffer | string | null, value: Buffer | string | null): string => {
  const hash = createHash('sha256');
  for (const part of [key, value]) {
    const bytes = part === null ? undefined : Buffer.from(part);
    hash.update(`${bytes?.length ?? 'none'} `).update(bytes ?? '');
  }
  return hash.digest('hex');
};

/** What lies in the log, read from outside with a plain consumer: the checker believes none of the code under test. */
export const readLog = async (brokers: string[], topic: string): Promise<LogEvidence> => {
  const log: LogRow[] = [];
  const logEnds = await readTopic({ brokers, topic }, (place, { key, value }) => {
    const decoded = decodeMessage(value);
    const digest = digestOf(key, value);
    if (!decoded.ok) return void log.push({ ...place, messageId: undefined, digest });
    const { messageId, fromUser, content } = decoded.message;
    log.push({ ...place, messageId, fromUser, content, digest });
  });
  return { log, logEnds };
};

/** What lies in a dead-letter topic; a record there without readable headers is told with its own place and reason ''. */
export const readDeadLetters = async (brokers: string[], topic: string): Promise<DeadLetterRow[]> => {
  const rows: DeadLetterRow[] = [];
  await readTopic({ brokers, topic }, (place, { key, value, headers }) => {
    const { partition, offset, reason } = readDeadLetter(headers ?? {}) ?? { ...place, reason: '' };
    rows.push({ partition, offset, reason, digest: digestOf(key, value) });
  });
  return rows;
};

/** Every record from the start to the end as of now; resolves to the ends. */
const readTopic = async (
  { brokers, topic }: { brokers: string[]; topic: string },
  take: (place: Place, message: KafkaMessage) => void,
): Promise<Map<number, number>> => {
  const ends = await asked(brokers, (admin) => admin.fetchTopicOffsets(topic));
  const endOf = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  const missing = new Set([...endOf].filter(([, end]) => end > 0).map(([partition]) => partition));
  if (missing.size === 0) return endOf;
  const nextOf = new Map<number, number>();
  const consumer = clientOf(brokers).consumer({ groupId: `chaos-${process.pid}-${topic}-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    void consumer.run({
      eachBatch: async ({ batch }) => {
        const { partition, messages } = batch;
        const end = endOf.get(partition) ?? 0;
        for (const message of messages) {
          const offset = Number(message.offset);
          // A batch comes again when the group rebalances.
          if (offset < (nextOf.get(partition) ?? 0) || offset >= end) continue;
          nextOf.set(partition, offset + 1);
          take({ partition, offset }, message);
        }
        if (Number(batch.lastOffset()) + 1 >= end) missing.delete(partition);
        if (missing.size === 0) resolve();
      },
    });
  });
  await consumer.disconnect();
  return endOf;
};

export const leaderIdOf = (brokers: string[], topic: string, partition: number): Promise<number> =>
  asked(brokers, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
  });
