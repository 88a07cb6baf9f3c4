import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Kafka } from 'kafkajs';
import { TopicAdmin, appendRaw, createTopic, eventually, testServers } from '@wiber/harness';
import { createKafka, kafkaConfig } from '../client/kafka.client.ts';
import { PositionGoneError } from '../kafka.errors.ts';
import { ClusterProbe } from '../probe/cluster.probe.ts';
import { LogFetcher, type FetchPlan } from './log.fetcher.ts';

const PARTITIONS = 3;
const { kafka: brokers } = testServers();
const topic = `fetched-${randomUUID().slice(0, 8)}`;
const env = { KAFKA_BOOTSTRAP_SERVERS: brokers.join(','), KAFKA_TOPIC: topic };
const kafka = createKafka({ brokers, clientId: 'spec', log: () => undefined });
const fetcher = new LogFetcher(kafka);

const plan = (given: Partial<FetchPlan> = {}): FetchPlan => ({
  topic,
  positions: new Map(),
  partitionBytes: 1024 * 1024,
  brokerBytes: 8 * 1024 * 1024,
  withinMs: 10_000,
  ...given,
});

beforeAll(async () => {
  await createTopic(brokers, { topic, partitions: PARTITIONS });
  const records = Array.from({ length: 30 }, (_, index) => ({
    key: `k${index}`,
    partition: index % 2,
    value: Buffer.from(`v${index}`),
    headers: { number: String(index) },
  }));
  for (const record of records.slice(0, 10)) await appendRaw(env, [record]);
  await appendRaw(env, records.slice(10));
});

afterAll(() => fetcher.close());

test('each partition is read from its position to its end, without a group, and read again from any position', async () => {
  for (const from of [0, 4, 7, 15]) {
    const { partitions, fetched, failures } = await fetcher.fetch(
      plan({
        positions: new Map([
          [0, from],
          [1, from],
        ]),
      }),
    );
    expect([partitions, failures, fetched.length]).toEqual([PARTITIONS, [], PARTITIONS]);
    const byNumber = fetched.toSorted((a, b) => a.partition - b.partition);
    for (const { partition, records, next, end } of byNumber.slice(0, 2)) {
      expect(records.map(({ offset, value }) => [offset, value?.toString()])).toEqual(
        Array.from({ length: 15 - from }, (_, index) => [from + index, `v${2 * (from + index) + partition}`]),
      );
      expect([next, end]).toEqual([15, 15]);
    }
    expect(byNumber[2]).toEqual({ partition: 2, records: [], next: 0, end: 0 });
  }
});

test('a partition that is left out is not read, wherever its position is', async () => {
  const { partitions, fetched, failures } = await fetcher.fetch(
    plan({ positions: new Map([[1, 99]]), except: new Set([1]) }),
  );
  expect([partitions, failures]).toEqual([PARTITIONS, []]);
  expect(fetched.map(({ partition }) => partition).toSorted()).toEqual([0, 2]);
});

test('a record has the time of the broker, its key and its headers', async () => {
  const { fetched } = await fetcher.fetch(plan());
  const record = fetched.find(({ partition }) => partition === 1)!.records[0]!;
  expect([record.key?.toString(), String(record.headers['number'])]).toEqual(['k1', '1']);
  expect(Math.abs(record.timestamp - Date.now())).toBeLessThan(600_000);
  expect(record.appendedAt).toBe(record.timestamp);
});

test('partitions with records name the broker that leads them, and a topic with the times of producers has no append times', async () => {
  const probe = new ClusterProbe(kafka);
  const ids = (await probe.brokers(10_000)).brokers.map(({ id }) => id);
  await probe.close();
  const { fetched } = await fetcher.fetch(plan());
  for (const { leader, records } of fetched) {
    if (records.length > 0) expect(ids).toContain(leader);
    else expect(leader).toBeUndefined();
  }
  const theirs = `theirs-${randomUUID().slice(0, 8)}`;
  await createTopic(brokers, { topic: theirs, partitions: 1, config: { 'message.timestamp.type': 'CreateTime' } });
  await appendRaw({ ...env, KAFKA_TOPIC: theirs }, [{ key: 'k', partition: 0, value: Buffer.from('v') }]);
  const reader = new LogFetcher(kafka);
  try {
    const { records } = (await reader.fetch(plan({ topic: theirs }))).fetched[0]!;
    expect(records.map(({ appendedAt }) => appendedAt)).toEqual([undefined]);
  } finally {
    await reader.close();
  }
});

test('small portions bring every record once, in order', async () => {
  const positions = new Map([
    [0, 0],
    [1, 15],
    [2, 0],
  ]);
  const offsets: number[] = [];
  while (positions.get(0)! < 15) {
    const { fetched } = await fetcher.fetch(plan({ positions, partitionBytes: 1 }));
    for (const { partition, records, next } of fetched) {
      positions.set(partition, next);
      offsets.push(...records.map(({ offset }) => offset));
    }
  }
  expect(offsets).toEqual(Array.from({ length: 15 }, (_, offset) => offset));
});

test('a topic that does not exist has no partitions, and is not created', async () => {
  const missing = `missing-${randomUUID().slice(0, 8)}`;
  const other = new LogFetcher(kafka);
  try {
    for (let time = 0; time < 2; time += 1)
      expect(await other.fetch(plan({ topic: missing }))).toEqual({ partitions: 0, fetched: [], failures: [] });
  } finally {
    await other.close();
  }
});

test('a topic that does not exist is no line in the log, however often it is asked for, and is read once it is there', async () => {
  const late = `late-${randomUUID().slice(0, 8)}`;
  const lines: string[] = [];
  const log = (level: string, message: string) => void (level === 'error' && lines.push(message));
  const other = new LogFetcher(createKafka({ brokers, clientId: 'spec', log }));
  try {
    for (let time = 0; time < 3; time += 1) expect((await other.fetch(plan({ topic: late }))).partitions).toBe(0);
    expect(lines).toEqual([]);
    await createTopic(brokers, { topic: late, partitions: 2 });
    await eventually(async () => expect((await other.fetch(plan({ topic: late }))).partitions).toBe(2));
  } finally {
    await other.close();
  }
});

test('a broker that hangs has at most three connections of a fetcher, however often it is asked', async () => {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const hung = createServer((socket) => {
    accepted += 1;
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(hung.address() as AddressInfo).port}`;
  const config = kafkaConfig({ brokers: [address], clientId: 'spec', log: () => undefined });
  // With retries kafkajs would go on for half a minute after the end of this spec.
  const asking = new LogFetcher(new Kafka({ ...config, retry: { retries: 0 } }));
  try {
    for (let time = 0; time < 10; time += 1) await expect(asking.fetch(plan({ withinMs: 100 }))).rejects.toThrow();
    expect(accepted).toBeLessThanOrEqual(3);
  } finally {
    hung.close();
    for (const socket of sockets) socket.destroy();
    await asking.close();
  }
});

test('brokers that are away are an error within the time, and a fetch after that works', async () => {
  const away = new LogFetcher(createKafka({ brokers: ['127.0.0.1:9'], clientId: 'spec', log: () => undefined }));
  await expect(away.fetch(plan({ withinMs: 500 }))).rejects.toThrow();
  await away.close();
});

test('a position that the log does not hold is named, behind its end and before its start, and the next fetch works', async () => {
  const behind = await fetcher.fetch(plan({ positions: new Map([[1, 99]]) }));
  expect(behind.failures).toEqual([expect.objectContaining({ partition: 1 })]);
  await new TopicAdmin(env).dropBefore([5, 0, 0]);
  const before = await fetcher.fetch(plan());
  expect(before.failures).toEqual([expect.objectContaining({ partition: 0 })]);
  for (const failure of [...behind.failures, ...before.failures]) expect(failure).toBeInstanceOf(PositionGoneError);
  const { failures, fetched } = await fetcher.fetch(plan({ positions: new Map([[0, 5]]) }));
  expect([failures, fetched.find(({ partition }) => partition === 0)?.records.length]).toEqual([[], 10]);
});

test('behind an open transaction nothing is read, and the end is that of the log; an abort makes it readable', async () => {
  const open = `open-${randomUUID().slice(0, 8)}`;
  await createTopic(brokers, { topic: open, partitions: 1 });
  const producer = kafka.producer({ transactionalId: open, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    await transaction.send({ topic: open, messages: [{ value: 'one' }, { value: 'two' }] });
    await appendRaw({ ...env, KAFKA_TOPIC: open }, [{ key: null, partition: 0, value: Buffer.from('behind it') }]);
    const reader = new LogFetcher(kafka);
    try {
      const waiting = await reader.fetch(plan({ topic: open }));
      expect(waiting.fetched).toEqual([{ partition: 0, records: [], next: 0, end: 3 }]);
      await transaction.abort();
      // The broker answers the abort before it has written it to the log.
      await eventually(async () => {
        const { fetched } = await reader.fetch(plan({ topic: open }));
        expect(fetched[0]?.records.map(({ value }) => value?.toString())).toEqual(['behind it']);
      });
    } finally {
      await reader.close();
    }
  } finally {
    await producer.disconnect();
  }
});
