import { eventually, freshSystem, kafkaClient } from '@wiber/harness';
import { LogReader } from './log.reader.ts';
import { readTopic } from './topic.records.ts';

const COUNT = 40;
/** So large that a fetch holds only some of them, and the next one begins inside of several transactions. */
const LARGE = Buffer.alloc(55_000, 0x61);
/** The key of an abort marker. Only in a control batch it is one. */
const MARKER_KEY = Buffer.from([0, 0, 0, 0]);

test('of transactions that were under way together, the committed records are read and no others', async () => {
  const { KAFKA_TOPIC: topic = '', KAFKA_BOOTSTRAP_SERVERS: servers = '' } = await freshSystem();
  const brokers = servers.split(',');
  const open = async (name: string) => {
    const settings = { transactionalId: `${topic}-${name}`, maxInFlightRequests: 1, idempotent: true };
    const producer = kafkaClient(brokers).producer(settings);
    await producer.connect();
    return { producer, transaction: await producer.transaction() };
  };
  const [one, two, committing] = [await open('one'), await open('two'), await open('committing')] as const;
  const append = ({ transaction }: typeof one, value: Buffer | string, key: Buffer | null = null) =>
    transaction.send({ topic, messages: [{ partition: 0, value, key }] });
  for (let index = 0; index < COUNT; index += 1) {
    await append(one, LARGE, MARKER_KEY);
    await append(two, LARGE);
    await append(committing, `kept ${index}`);
  }
  await one.transaction.abort();
  await append(two, LARGE);
  await append(committing, 'last');
  await two.transaction.abort();
  await committing.transaction.commit();
  await Promise.all([one, two, committing].map(({ producer }) => producer.disconnect()));
  const log = await LogReader.open(brokers);
  // With the three markers, which Kafka writes after it has answered.
  await eventually(async () => expect((await log.bounds(topic))?.[0]?.high).toBe(3 * COUNT + 5));
  await log.close();
  const read = (await readTopic(brokers, topic)).map(({ value }) => String(value).slice(0, 8));
  expect(read).toEqual([...Array.from({ length: COUNT }, (_, index) => `kept ${index}`), 'last']);
});
