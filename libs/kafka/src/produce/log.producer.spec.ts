import type { Kafka, ProducerRecord } from 'kafkajs';
import { LogProducer } from './log.producer.ts';

/** A Kafka whose topic has these leaders; each send is acknowledged. */
const kafkaWith = (state: { leaders: number[] }): Kafka =>
  ({
    admin: () => ({
      connect: async () => undefined,
      disconnect: async () => undefined,
      fetchTopicMetadata: async () => ({ topics: [{ partitions: state.leaders.map((leader) => ({ leader })) }] }),
    }),
    producer: () => ({
      connect: async () => undefined,
      disconnect: async () => undefined,
      send: async ({ topic, messages }: ProducerRecord) => [
        { topicName: topic, partition: messages[0]?.partition, errorCode: 0, baseOffset: '0' },
      ],
    }),
  }) as unknown as Kafka;

const producerOf = (leaders: number[], partitions?: number) => {
  const lines: string[] = [];
  const log = (_: string, text: string, { error }: { error?: Error }) => void lines.push(`${text}: ${error?.message}`);
  const state = { leaders };
  return { producer: new LogProducer({ kafka: kafkaWith(state), topic: 'chat', partitions, log }), lines, state };
};

test('before it is connected every record is refused as not sent', async () => {
  const { producer } = producerOf([1]);
  await expect(producer.send({ key: 'a:b', value: '1' })).rejects.toMatchObject({
    name: 'NotSentError',
    code: 'log_unavailable',
  });
  expect(producer).toMatchObject({ partitions: 0, depth: 0, breakers: [], stalledPartitions: [] });
});

test('a key has the partition that the default partitioner of the Java client gives it', async () => {
  const { producer } = producerOf([1, 1, 1, 1, 1, 1]);
  await producer.connect();
  // murmur2 of the key as org.apache.kafka.common.utils.Utils computes it, made positive, modulo 6.
  const javaPartitions = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536 };
  for (const [key, murmur2] of Object.entries(javaPartitions)) {
    expect(producer.partitionFor(key)).toBe((murmur2 & 0x7fffffff) % 6);
  }
  await producer.close(0);
});

test('a partition that the caller chooses wins over the one of the key', async () => {
  const { producer } = producerOf([1, 1, 1]);
  await producer.connect();
  const positions = await Promise.all([0, 1, 2].map((partition) => producer.send({ key: 'k', value: 'v' }, partition)));
  expect(positions).toEqual([0, 1, 2].map((partition) => ({ partition, offset: 0 })));
  await producer.close(0);
});

test('a topic with another number of partitions than the one set is not opened, and a close ends the attempts', async () => {
  const { producer, lines } = producerOf([1, 1, 1], 2);
  const connected = producer.connect();
  while (lines.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(lines[0]).toContain('the topic chat has 3 partitions, and not the 2 set');
  await producer.close(0);
  await connected;
  expect(producer.partitions).toBe(0);
});

test('no record is taken before the number of partitions is admitted, and a refusal ends the start', async () => {
  const { producer } = producerOf([1, 1, 1]);
  let admit: () => void = () => undefined;
  const asked: number[] = [];
  const connected = producer.connect({
    admit: (partitions) => {
      asked.push(partitions);
      return new Promise<void>((resolve) => (admit = resolve));
    },
  });
  while (asked.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  await expect(producer.send({ key: 'k', value: 'v' })).rejects.toMatchObject({ code: 'log_unavailable' });
  admit();
  await connected;
  expect(await producer.send({ key: 'k', value: 'v' })).toMatchObject({ offset: 0 });
  expect(asked).toEqual([3]);
  await producer.close(0);

  const { producer: refused, lines } = producerOf([1, 1, 1]);
  const refusal = new Error('another number');
  await expect(refused.connect({ admit: () => Promise.reject(refusal) })).rejects.toBe(refusal);
  expect([refused.partitions, lines]).toEqual([0, []]);
  await refused.close(0);
});
