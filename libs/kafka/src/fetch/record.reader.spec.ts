import { PositionGoneError } from '../kafka.errors.ts';
import type { FetchPlan, FetchResult, FetchedPartition, ReadRecord } from './log.fetcher.ts';
import { RecordReader } from './record.reader.ts';

const recordAt = (offset: number): ReadRecord => ({ offset, timestamp: 1, key: null, value: null, headers: {} });
const partitionOf = (records: ReadRecord[]): FetchedPartition => ({ partition: 2, records, next: 9, end: 9 });

/** A reader of a log that answers as the test says; `plans` has each fetch. */
const reader = (answer: () => Promise<Partial<FetchResult>>, withinMs = 5000) => {
  const plans: FetchPlan[] = [];
  const fetcher = {
    fetch: async (plan: FetchPlan): Promise<FetchResult> => {
      plans.push(plan);
      return { partitions: 3, fetched: [], failures: [], ...(await answer()) };
    },
    close: async () => undefined,
  };
  return { reader: new RecordReader(fetcher, { topic: 'chat', withinMs }), plans };
};

test('one batch of one partition is asked for, and its record at the position is the answer', async () => {
  const system = reader(async () => ({ fetched: [partitionOf([recordAt(7), recordAt(8)])] }));
  expect(await system.reader.read({ partition: 2, offset: 7 })).toEqual(recordAt(7));
  const [plan] = system.plans;
  expect(plan).toMatchObject({ topic: 'chat', partitionBytes: 1, brokerBytes: 1 });
  expect([[...plan!.only!], [...plan!.positions]]).toEqual([[2], [[2, 7]]]);
});

test.each<[string, Partial<FetchResult>, string]>([
  ['a position without a record', { fetched: [partitionOf([recordAt(8)])] }, 'absent'],
  ['a position at the end of the log', { fetched: [partitionOf([])] }, 'absent'],
  [
    'a position that the log does not have any more',
    { failures: [new PositionGoneError(2, { cause: undefined })] },
    'absent',
  ],
  ['a partition that the topic does not have', { partitions: 2 }, 'absent'],
  ['a partition without a leader', {}, 'unknown'],
  ['a broker that fails', { failures: [new Error('away')] }, 'unknown'],
  ['a topic that is not there', { partitions: 0 }, 'unknown'],
])('%s is no record', async (_, answer, expected) => {
  expect(await reader(async () => answer).reader.read({ partition: 2, offset: 7 })).toBe(expected);
});

test('a Kafka that fails, or does not answer in time, is unknown and never an error', async () => {
  const failing = reader(() => Promise.reject(new Error('no broker')));
  expect(await failing.reader.read({ partition: 2, offset: 7 })).toBe('unknown');
  const hanging = reader(() => new Promise(() => undefined), 1);
  expect(await hanging.reader.read({ partition: 2, offset: 7 })).toBe('unknown');
});

test('few reads run at once, and when many wait the next one is told so', async () => {
  let answer: (result: Partial<FetchResult>) => void = () => undefined;
  const answered = new Promise<Partial<FetchResult>>((resolve) => (answer = resolve));
  const system = reader(() => answered);
  const reads = Array.from({ length: 66 }, () => system.reader.read({ partition: 2, offset: 7 }));
  expect(await system.reader.read({ partition: 2, offset: 7 })).toBe('busy');
  expect(system.plans.length).toBeLessThanOrEqual(2);
  answer({ fetched: [partitionOf([recordAt(7)])] });
  expect(new Set(await Promise.all(reads))).toEqual(new Set([recordAt(7)]));
});
