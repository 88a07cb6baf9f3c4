import { Kafka, logLevel, type Admin } from 'kafkajs';
import { GroupAdmin, appendRaw, freshSystem, testServers } from '@wiber/harness';
import { LogReader, type RecordBatch } from './log.reader.ts';

const COUNT = 3000;
let env: Record<string, string>;
let topic: string;
let log: LogReader;
let admin: Admin;

beforeEach(async () => {
  env = await freshSystem(undefined, 2);
  topic = env['KAFKA_TOPIC']!;
  for (let from = 0; from < COUNT; from += 1000) {
    const values = Array.from({ length: 1000 }, (_, index) => Buffer.from(`${from + index}`.padEnd(500, '.')));
    for (const partition of [0, 1])
      await appendRaw(
        env,
        values.map((value) => ({ key: 'k', partition, value })),
      );
  }
  log = await LogReader.open(testServers().kafka);
  admin = new Kafka({ brokers: testServers().kafka, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
});

afterEach(() => Promise.all([log.close(), admin.disconnect()]));

const auditGroups = async (): Promise<string[]> =>
  (await admin.listGroups()).groups
    .map(({ groupId }) => groupId)
    .filter((groupId) => groupId.startsWith('wiber-audit-'));

test('every record of the ranges comes once and in order, and no more; the group that read them is gone', async () => {
  const seen: [number[], number[]] = [[], []];
  const groups = new Set<string>();
  const ranges = [
    { partition: 0, from: 10, to: 2990 },
    { partition: 1, from: 2000, to: COUNT },
  ];
  await log.read(topic, ranges, async ({ partition, records, cutTo }) => {
    expect(cutTo).toBeUndefined();
    for (const { offset, value } of records) {
      expect(Number.parseInt(value!.toString(), 10)).toBe(offset);
      seen[partition as 0 | 1].push(offset);
    }
    for (const groupId of await auditGroups()) groups.add(groupId);
  });
  expect(seen[0]).toEqual(Array.from({ length: 2980 }, (_, index) => index + 10));
  expect(seen[1]).toEqual(Array.from({ length: 1000 }, (_, index) => index + 2000));
  expect(groups.size).toBeGreaterThan(0);
  expect((await auditGroups()).filter((groupId) => groups.has(groupId))).toEqual([]);
  expect(await new GroupAdmin(env).committed()).toEqual([-1, -1]);
});

test('what retention takes from before the reading has come there is told, and the rest is read', async () => {
  await new GroupAdmin(env).dropBefore([1500, 0]);
  const batches: RecordBatch[] = [];
  await log.read(topic, [{ partition: 0, from: 0, to: COUNT }], async (batch) => void batches.push(batch));
  expect(batches[0]!.cutTo).toBe(1500);
  expect(batches.flatMap(({ records }) => records.map(({ offset }) => offset))).toEqual(
    Array.from({ length: 1500 }, (_, index) => index + 1500),
  );
});

test('when retention takes all that was left of a range, the reading ends', async () => {
  await new GroupAdmin(env).dropBefore([COUNT, 0]);
  const batches: RecordBatch[] = [];
  await log.read(topic, [{ partition: 0, from: 0, to: COUNT }], async (batch) => void batches.push(batch));
  expect(batches).toEqual([{ partition: 0, records: [], cutTo: COUNT }]);
});

test('what fails in the reader of the records ends the reading at once, with that failure', async () => {
  const failure = new Error('planted');
  let calls = 0;
  const reading = log.read(topic, [{ partition: 0, from: 0, to: COUNT }], () => {
    calls += 1;
    return Promise.reject(failure);
  });
  await expect(reading).rejects.toBe(failure);
  expect(calls).toBe(1);
});
