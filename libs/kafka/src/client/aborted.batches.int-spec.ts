import { randomUUID } from 'node:crypto';
import { eventually, freshSystem, kafkaClient } from '@wiber/harness';
import { createKafka } from './kafka.client.ts';

const COUNT = 40;
/** So large that one fetch holds only some of them, and the next one begins inside of both transactions. */
const LARGE = Buffer.alloc(55_000, 0x61);
/** The key of an abort marker. Only in a control batch it is one. */
const MARKER_KEY = Buffer.from([0, 0, 0, 0]);

test('no record of an aborted transaction is read, whatever other transactions are open beside it and whatever its key is', async () => {
  const { KAFKA_TOPIC: topic = '', KAFKA_BOOTSTRAP_SERVERS: servers = '' } = await freshSystem();
  const brokers = servers.split(',');
  const kafka = kafkaClient(brokers);
  const open = async () => {
    const settings = { transactionalId: randomUUID(), maxInFlightRequests: 1, idempotent: true };
    const producer = kafka.producer(settings);
    await producer.connect();
    return { producer, transaction: await producer.transaction() };
  };
  const writers = [await open(), await open(), await open()];
  const [first, second, committing] = writers.map(({ transaction }) => transaction) as [
    (typeof writers)[0]['transaction'],
    (typeof writers)[0]['transaction'],
    (typeof writers)[0]['transaction'],
  ];
  const append = (to: typeof first, value: Buffer, key: Buffer | null) =>
    to.send({ topic, messages: [{ partition: 0, value, key }] });
  for (let index = 0; index < COUNT; index += 1) {
    await append(first, LARGE, MARKER_KEY);
    await append(second, LARGE, null);
    await append(committing, Buffer.from(`kept ${index}`), null);
  }
  await first.abort();
  await append(second, LARGE, null);
  await append(committing, Buffer.from('last'), null);
  await second.abort();
  await committing.commit();
  await Promise.all(writers.map(({ producer }) => producer.disconnect()));

  const reader = createKafka({ brokers, clientId: 'spec', log: () => undefined });
  const consumer = reader.consumer({ groupId: randomUUID(), allowAutoTopicCreation: false });
  const read: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => void read.push(String(message.value).slice(0, 8)),
  });
  await eventually(async () => expect(read).toContain('last'));
  await consumer.disconnect();
  expect(read).toEqual([...Array.from({ length: COUNT }, (_, index) => `kept ${index}`), 'last']);
});
