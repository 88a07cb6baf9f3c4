import { randomUUID } from 'node:crypto';
import { awaitKafka, type KafkaWait } from './kafka.readiness.ts';

const address = process.env['WIBER_TEST_KAFKA']!.split(',')[0]!;
const port = address.split(':').at(-1)!;
const topic = `messages-${randomUUID()}`;
const wait = (change: Partial<KafkaWait>): Promise<void> =>
  awaitKafka({
    addresses: [address],
    started: undefined,
    topics: [{ topic, partitions: 3, isNumberGiven: true }],
    withinMs: 60_000,
    signal: new AbortController().signal,
    ...change,
  });

test('several addresses of one broker that already runs are one broker', async () => {
  await wait({ addresses: [`127.0.0.1:${port}`, `localhost:${port}`] });
});

test('a broker of the given addresses that does not answer is named', async () => {
  await expect(wait({ addresses: [address, '127.0.0.1:1'], withinMs: 1000 })).rejects.toThrow(
    'Kafka was not ready within 1 s (the broker 127.0.0.1:1 does not answer)',
  );
});

test('a topic with another number of partitions than KAFKA_PARTITIONS is refused at once, with both numbers', async () => {
  await wait({});
  await expect(wait({ topics: [{ topic, partitions: 12, isNumberGiven: true }] })).rejects.toThrow(
    `the topic ${topic} has 3 partitions, and KAFKA_PARTITIONS is 12; unset it, or set it to 3.`,
  );
  await wait({ topics: [{ topic, partitions: 12, isNumberGiven: false }] });
});
