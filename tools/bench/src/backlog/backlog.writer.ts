import { conversationIdOf } from '@wiber/contracts';
import { createTopic } from '@wiber/harness';
import { DEFAULT_LANE_POLICY, LogProducer, createKafka } from '@wiber/kafka';
import type { Servers } from '../system/bench.context.ts';
import { contentOf } from '../load/load.content.ts';
import { kafkaSecurityAt } from '../system/kafka.login.ts';
import { conversationOf } from '../load/load.job.ts';

const PARTITIONS = 6;
const CONVERSATIONS = 1000;
/** Messages that are sent at once. */
const CHUNK = 5000;

export interface Backlog {
  topic: string;
  size: number;
  /** A record that cannot be read; it goes into the middle. */
  poison?: { key: string; value: string };
}

/** Makes a topic and writes messages as the gateway does: 200 bytes of content, 1,000 conversations. */
export const writeBacklog = async (system: Servers, { topic, size, poison }: Backlog): Promise<void> => {
  const log = () => undefined;
  const kafka = createKafka({ brokers: system.kafka, clientId: 'bench', log, security: kafkaSecurityAt(system.kafka) });
  await createTopic(system.kafka, { topic, partitions: PARTITIONS });
  const policy = { ...DEFAULT_LANE_POLICY, deadlineMs: 60_000, stallMs: 60_000 };
  const producer = new LogProducer({ kafka, topic, policy, log });
  await producer.connect();
  const chunk = Math.min(CHUNK, size / 2);
  for (let from = 0; from < size; from += chunk) {
    if (poison && from === size / 2) await producer.send(poison);
    const numbers = Array.from({ length: Math.min(chunk, size - from) }, (_, index) => from + index);
    await Promise.all(numbers.map((number) => producer.send(recordOf(number))));
  }
  await producer.close(5000);
};

const recordOf = (number: number): { key: string; value: string } => {
  const [fromUser, toUser] = conversationOf('drain', number % CONVERSATIONS);
  const messageId = `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
  const content = contentOf(number, 200);
  const message = { messageId, fromUser, toUser, content, timestamp: Date.now(), lamport: number };
  return { key: conversationIdOf(fromUser, toUser), value: JSON.stringify(message) };
};
