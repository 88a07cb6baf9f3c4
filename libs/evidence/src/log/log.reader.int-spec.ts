import type { Admin } from 'kafkajs';
import { TopicAdmin, appendRaw, eventually, freshSystem, kafkaClient, testServers } from '@wiber/harness';
import { GroupReader } from './group.reader.ts';
import { LogReader, READER_GROUP_PREFIX } from './log.reader.ts';
import type { RecordBatch } from './ranges.reading.ts';

const COUNT = 3000;
let env: Record<string, string>;
let topic: string;
let log: LogReader;
let admin: Admin;
/** Milliseconds since the epoch, before the first append. */
let appendedFrom: number;

beforeEach(async () => {
  env = await freshSystem(undefined, 2);
  topic = env['KAFKA_TOPIC']!;
  appendedFrom = Date.now();
  for (let from = 0; from < COUNT; from += 1000) {
    const values = Array.from({ length: 1000 }, (_, index) => Buffer.from(`${from + index}`.padEnd(500, '.')));
    for (const partition of [0, 1])
      await appendRaw(
        env,
        values.map((value) => ({ key: 'k', partition, value })),
      );
  }
  log = await LogReader.open(testServers().kafka);
  admin = kafkaClient(testServers().kafka).admin();
  await admin.connect();
});

afterEach(() => Promise.all([log.close(), admin.disconnect()]));

const readerGroups = async (): Promise<string[]> =>
  (await admin.listGroups()).groups
    .map(({ groupId }) => groupId)
    .filter((groupId) => groupId.startsWith(READER_GROUP_PREFIX));

test('every record of the ranges is read once, in order and with the time of its append, and nothing else; the group of the reader is deleted', async () => {
  const seen: [number[], number[]] = [[], []];
  const groups = new Set<string>();
  const ranges = [
    { partition: 0, from: 10, to: 2990 },
    { partition: 1, from: 2000, to: COUNT },
  ];
  await log.read(topic, ranges, async ({ partition, records, cutTo }) => {
    expect(cutTo).toBeUndefined();
    for (const { offset, timestamp, value } of records) {
      expect(timestamp).toBeGreaterThanOrEqual(appendedFrom);
      expect(timestamp).toBeLessThanOrEqual(Date.now());
      expect(Number.parseInt(value!.toString(), 10)).toBe(offset);
      seen[partition as 0 | 1].push(offset);
    }
    for (const groupId of await readerGroups()) groups.add(groupId);
  });
  expect(seen[0]).toEqual(Array.from({ length: 2980 }, (_, index) => index + 10));
  expect(seen[1]).toEqual(Array.from({ length: 1000 }, (_, index) => index + 2000));
  expect(groups.size).toBeGreaterThan(0);
  expect((await readerGroups()).filter((groupId) => groups.has(groupId))).toEqual([]);
  expect(await new GroupReader(env).committed()).toEqual([-1, -1]);
});

test('when retention has deleted the start of a range, the reader reports the new start and reads the rest', async () => {
  await new TopicAdmin(env).dropBefore([1500, 0]);
  const batches: RecordBatch[] = [];
  await log.read(topic, [{ partition: 0, from: 0, to: COUNT }], async (batch) => void batches.push(batch));
  expect(batches[0]!.cutTo).toBe(1500);
  expect(batches.flatMap(({ records }) => records.map(({ offset }) => offset))).toEqual(
    Array.from({ length: 1500 }, (_, index) => index + 1500),
  );
});

test('when retention has deleted a whole range, the reading ends', async () => {
  await new TopicAdmin(env).dropBefore([COUNT, 0]);
  const batches: RecordBatch[] = [];
  await log.read(topic, [{ partition: 0, from: 0, to: COUNT }], async (batch) => void batches.push(batch));
  expect(batches).toEqual([{ partition: 0, records: [], cutTo: COUNT }]);
});

test('a failure of `take` ends the reading at once, with that failure', async () => {
  const failure = new Error('planted');
  let calls = 0;
  const reading = log.read(topic, [{ partition: 0, from: 0, to: COUNT }], () => {
    calls += 1;
    return Promise.reject(failure);
  });
  await expect(reading).rejects.toBe(failure);
  expect(calls).toBe(1);
});

test.each(['commit', 'abort'] as const)(
  'a range whose last transaction ended with %s is read to its end',
  async (end) => {
    const producer = kafkaClient(testServers().kafka).producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'k', partition: 0, value: 'in a transaction' }] });
    await transaction[end]();
    await producer.disconnect();
    // The record and the marker that ends its transaction, which Kafka writes after it has answered.
    await eventually(async () => expect((await log.bounds(topic))?.[0]).toEqual({ low: 0, high: COUNT + 2 }));
    for (const from of [COUNT - 1, COUNT, COUNT + 1]) {
      const seen: number[] = [];
      await log.read(topic, [{ partition: 0, from, to: COUNT + 2 }], async ({ records }) => {
        seen.push(...records.map(({ offset }) => offset));
      });
      const expected = [COUNT - 1, ...(end === 'commit' ? [COUNT] : [])];
      expect(seen).toEqual(expected.filter((offset) => offset >= from));
    }
  },
);
