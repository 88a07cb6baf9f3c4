import { randomUUID } from 'node:crypto';
import { appendRaw, createTopic, eventually, testServers } from '@wiber/harness';
import { createKafka } from '../client/kafka.client.ts';
import { createCluster } from '../client/kafkajs.internals.ts';
import { ClusterProbe } from './cluster.probe.ts';
import { logDisksRequest } from './log-dirs.flexible.ts';
import { logDirsRequest, type BrokerLog } from './log-dirs.request.ts';
import { LogSizes } from './log.sizes.ts';

const WITHIN_MS = 10_000;
const { kafka: brokers } = testServers();
const topic = `chat-${randomUUID().slice(0, 8)}`;
const kafka = createKafka({ brokers, clientId: 'spec', log: () => undefined });
const probe = new ClusterProbe(kafka);

beforeAll(() => createTopic(brokers, { topic, partitions: 3 }));
afterAll(() => probe.close());

test('the cluster shows its brokers, its controller and the copies of each partition', async () => {
  const { controller, brokers: seen } = await probe.brokers(WITHIN_MS);
  expect(seen.map(({ address }) => address)).toEqual(expect.arrayContaining(brokers.slice(0, 1)));
  expect(seen.map(({ id }) => id)).toContain(controller);
  const replicas = await probe.replicas(topic, WITHIN_MS);
  expect(replicas.map(({ partition }) => partition)).toEqual([0, 1, 2]);
  for (const { leader, replicas: copies, inSync } of replicas) {
    expect(copies).toContain(leader);
    expect(inSync).toEqual(copies);
  }
});

test('a group shows its members with their client, their address and their partitions; one that nobody made is Dead', async () => {
  const groupId = `group-${randomUUID().slice(0, 8)}`;
  // A coordinator that has just started still reads its groups.
  const state = await eventually(() => probe.group(groupId, topic, WITHIN_MS));
  expect(state).toEqual({ state: 'Dead', members: [] });
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({ eachMessage: async () => undefined });
  try {
    const { members } = await eventually(async () => {
      const group = await probe.group(groupId, topic, WITHIN_MS);
      expect(group.state).toBe('Stable');
      return group;
    });
    expect(members).toMatchObject([{ client: 'spec', host: expect.stringContaining('127.0.0.1') }]);
    expect(members[0]!.partitions.toSorted()).toEqual([0, 1, 2]);
  } finally {
    await consumer.disconnect();
  }
});

test('each broker says what its copies take and what its disk has; what is appended makes the copy larger, and a missing topic has none', async () => {
  const sizes = new LogSizes(kafka);
  const bytesOf = async (partition: number) =>
    [...(await sizes.read([topic, 'no-such-topic'], WITHIN_MS)).values()]
      .flatMap(({ copies }) => copies)
      .filter((copy) => copy.topic === topic && copy.partition === partition)
      .map(({ bytes }) => bytes);
  const before = await bytesOf(1);
  expect(before.length).toBeGreaterThan(0);
  await appendRaw({ KAFKA_BOOTSTRAP_SERVERS: brokers.join(','), KAFKA_TOPIC: topic }, [
    { key: 'ann:ben', partition: 1, value: Buffer.alloc(5000, 'x') },
  ]);
  for (const { disk } of (await sizes.read([topic], WITHIN_MS)).values()) {
    expect(disk!.freeBytes).toBeGreaterThan(0);
    expect(disk!.bytes).toBeGreaterThan(disk!.freeBytes);
  }
  for (const [index, bytes] of (await bytesOf(1)).entries()) expect(bytes).toBeGreaterThan(before[index]! + 5000);
  expect(await bytesOf(0)).toEqual(before.map(() => 0));
});

test('a broker before Kafka 3.3, which knows the older form of the request only, says what its copies take', async () => {
  const cluster = createCluster(kafka, { metadataMaxAge: 1000, allowAutoTopicCreation: false });
  await cluster.connect();
  try {
    const [{ nodeId } = { nodeId: 0 }] = (await cluster.metadata({ topics: [topic] })).brokers;
    const { connectionPool } = await cluster.findBroker({ nodeId });
    const asked = new Map([[topic, [0, 1, 2]]]);
    const old = (await connectionPool.send(logDirsRequest(asked))) as BrokerLog;
    const { copies } = (await connectionPool.send(logDisksRequest(asked))) as BrokerLog;
    expect(old.disk).toBeUndefined();
    expect(old.copies).toHaveLength(3);
    expect(old.copies).toEqual(expect.arrayContaining(copies));
  } finally {
    await cluster.disconnect();
  }
});
