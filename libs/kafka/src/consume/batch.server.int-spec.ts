import { deadLetterTopicOf } from '@wiber/contracts';
import { appendRaw, askAdmin, eventually, freshSystem, kafkaClient } from '@wiber/harness';
import { createKafka } from '../client/kafka.client.ts';
import { DeadLetterProducer } from '../produce/dead-letter.producer.ts';
import type { LogBatch } from './batch.outcome.ts';
import { BatchKafkaServer } from './batch.server.ts';
import { rejectionOf } from './fetched-batch.double-spec.ts';

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** An ingest without a store: what it would store, what it listed, and what it said. */
const startServer = async (env: Record<string, string>) => {
  const { KAFKA_BOOTSTRAP_SERVERS: servers = '', KAFKA_TOPIC: topic = '', KAFKA_CONSUMER_GROUP: groupId = '' } = env;
  const seen = { stored: [] as string[], listed: [] as string[], lines: [] as string[] };
  const log = (level: string, line: string) => void seen.lines.push(`${level}: ${line}`);
  const kafka = createKafka({ brokers: servers.split(','), clientId: 'spec', log });
  const deadLetters = new DeadLetterProducer({ kafka, topic, instance: 'spec', log, now: Date.now });
  const server = new BatchKafkaServer({
    kafka,
    groupId,
    sessionTimeoutMs: 6000,
    policy: { type: 'retry', backoff: { type: 'exponential-full-jitter', baseMs: 50, capMs: 500 }, maxFailures: 3 },
    deadLetters: { topic, publish: (rejected) => deadLetters.publish(rejected) },
    prepare: () => deadLetters.prepareTopic(),
    log,
  });
  const noteIn = (values: string[], batches: LogBatch[]) =>
    values.push(...batches.flatMap(({ records }) => records.map(({ value }) => String(value))));
  const store = async (batches: LogBatch[]) => {
    noteIn(seen.stored, batches);
    const rejected = batches.flatMap(({ partition, records }) =>
      records.flatMap(({ offset, value }) => (String(value).startsWith('bad') ? rejectionOf(offset, partition) : [])),
    );
    return { type: 'done', rejected };
  };
  const list = async (batches: LogBatch[]) => {
    noteIn(seen.listed, batches);
    return { type: 'done', rejected: [] };
  };
  server.addHandler(topic, store as never);
  server.addHandler(deadLetterTopicOf(topic), list as never);
  await deadLetters.connect();
  await server.listen(() => undefined);
  running.push(async () => {
    await server.close();
    await deadLetters.close(5000);
  });
  return { server, seen };
};

const append = (env: Record<string, string>, values: string[]) =>
  appendRaw(
    env,
    values.map((value, index) => ({ key: null, partition: index % 3, value: Buffer.from(value) })),
  );

test('a dead-letter topic that is deleted while messages are stored is made again: messages are stored and dead letters are kept', async () => {
  const env = await freshSystem();
  const topic = deadLetterTopicOf(env['KAFKA_TOPIC']!);
  const { seen } = await startServer(env);
  await append(env, ['bad 1']);
  await eventually(async () => expect(seen.listed).toEqual(['bad 1']));
  const admin = kafkaClient(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','));
  await askAdmin(admin, (asked) => asked.deleteTopics({ topics: [topic] }));
  await eventually(async () => expect(await askAdmin(admin, (asked) => asked.listTopics())).toContain(topic), {
    within: 40_000,
  });
  await append(env, ['m1', 'm2', 'm3', 'bad 2']);
  await eventually(async () => expect(seen.stored).toEqual(expect.arrayContaining(['m1', 'm2', 'm3'])), {
    within: 40_000,
  });
  await eventually(async () => expect(seen.listed).toContain('bad 2'), { within: 40_000 });
}, 120_000);

test('a second system in the group of the first is refused with one clear line and does not consume; the first goes on', async () => {
  const env = await freshSystem();
  const first = await startServer(env);
  await eventually(async () => expect(first.server.isConsuming).toBe(true));
  const other = { ...(await freshSystem()), KAFKA_CONSUMER_GROUP: env['KAFKA_CONSUMER_GROUP']! };
  const second = await startServer(other);
  await eventually(async () =>
    expect(second.seen.lines).toContainEqual(
      expect.stringMatching(/^error: the consumer group \S+ has members that read other topics.*KAFKA_CONSUMER_GROUP/),
    ),
  );
  await append(other, ['of the second']);
  await append(env, ['m1', 'm2', 'm3']);
  await eventually(async () => expect(first.seen.stored.toSorted()).toEqual(['m1', 'm2', 'm3']));
  expect([first.server.isConsuming, second.server.isConsuming, second.seen.stored]).toEqual([true, false, []]);
});

test('an open transaction of another program is said and counted while it keeps a partition waiting, and what waits is stored once it ends', async () => {
  const env = await freshSystem();
  const topic = env['KAFKA_TOPIC']!;
  const producer = kafkaClient(env['KAFKA_BOOTSTRAP_SERVERS']!.split(',')).producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ partition: 0, value: 'in the transaction' }] });
  await append(env, ['m0', 'm1', 'm2']);
  const { server, seen } = await startServer(env);
  await eventually(async () => expect(seen.stored.toSorted()).toEqual(['m1', 'm2']));
  await eventually(async () => expect(server.heldPartitions).toBe(1));
  await eventually(async () =>
    expect(seen.lines).toContainEqual(expect.stringMatching(/^error: a transaction .*--partition 0 --start-offset 0$/)),
  );
  await transaction.abort();
  await producer.disconnect();
  await eventually(async () => expect(seen.stored.toSorted()).toEqual(['m0', 'm1', 'm2']));
  expect(server.heldPartitions).toBe(0);
});
