import type { Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { RangesReading, type RecordBatch } from './ranges.reading.ts';

const TOPIC = 'messages';
const events = {
  CRASH: 'consumer.crash',
  GROUP_JOIN: 'consumer.group_join',
  END_BATCH_PROCESS: 'consumer.end_batch_process',
} as const;

/** Stands for a consumer of kafkajs: the spec delivers its batches and events. */
class ConsumerDouble {
  readonly events = events;
  readonly sought: string[] = [];
  private readonly listeners = new Map<string, (event: unknown) => void>();
  private eachBatch: ((payload: EachBatchPayload) => Promise<void>) | undefined;

  on(name: string, listener: (event: unknown) => void): void {
    this.listeners.set(name, listener);
  }

  async run({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }): Promise<void> {
    this.eachBatch = eachBatch;
  }

  seek({ partition, offset }: { partition: number; offset: string }): void {
    this.sought.push(`${partition}/${offset}`);
  }

  pause(): void {}

  join(...partitions: number[]): void {
    const payload = { memberAssignment: { [TOPIC]: partitions } };
    this.listeners.get(events.GROUP_JOIN)?.({ payload } as unknown as ConsumerGroupJoinEvent);
  }

  crash(error: Error, restart: boolean): void {
    this.listeners.get(events.CRASH)?.({ payload: { error, restart } } as unknown as ConsumerCrashEvent);
  }

  /** As kafkajs does after a fetch that has no message that it hands out. */
  endEmptyBatch(partition: number, lastOffset: number): void {
    const payload = { partition, batchSize: 0, lastOffset: String(lastOffset) };
    this.listeners.get(events.END_BATCH_PROCESS)?.({ payload });
  }

  deliver(partition: number, ...offsets: number[]): Promise<void> {
    return this.deliverUpTo(offsets.at(-1)!, partition, ...offsets);
  }

  /** The fetch ends behind the last message: with control records, for example. */
  deliverUpTo(lastOffset: number, partition: number, ...offsets: number[]): Promise<void> {
    const messages = offsets.map((offset) => ({ offset: String(offset), key: null, value: null }) as KafkaMessage);
    return this.eachBatch!({
      batch: { partition, messages, lastOffset: () => String(lastOffset) },
      pause: () => () => undefined,
    } as unknown as EachBatchPayload);
  }
}

const batches: RecordBatch[] = [];
let consumer: ConsumerDouble;
let starts: Map<number, number>;

beforeEach(() => {
  batches.length = 0;
  consumer = new ConsumerDouble();
  starts = new Map();
});

const readingOf = (to: number, take = async (batch: RecordBatch) => void batches.push(batch)): Promise<void> =>
  new RangesReading([{ partition: 0, from: 0, to }], { take, startOf: async (partition) => starts.get(partition) }).run(
    consumer as unknown as Consumer,
    TOPIC,
  );

const offsets = (): number[] => batches.flatMap(({ records }) => records.map(({ offset }) => offset));

test('a batch that a rejoin delivers again, while the first delivery is still in work, is taken once', async () => {
  const started = Promise.withResolvers<void>();
  const mayGoOn = Promise.withResolvers<void>();
  const reading = readingOf(4, async (batch) => {
    started.resolve();
    await mayGoOn.promise;
    batches.push(batch);
  });
  const first = consumer.deliver(0, 0, 1);
  await started.promise;
  consumer.join(0);
  const again = consumer.deliver(0, 0, 1, 2, 3);
  mayGoOn.resolve();
  await Promise.all([first, again, reading]);
  expect(offsets()).toEqual([0, 1, 2, 3]);
});

test('after a join the consumer goes on where the reading is', async () => {
  const reading = readingOf(3);
  consumer.join(0);
  await consumer.deliver(0, 0, 1);
  consumer.join(0);
  await consumer.deliver(0, 2);
  await reading;
  expect(consumer.sought).toEqual(['0/0', '0/2']);
});

test('a crash after which kafkajs starts the consumer again does not end the reading, any other crash does', async () => {
  const reading = readingOf(2);
  consumer.crash(new Error('the coordinator is loading'), true);
  await consumer.deliver(0, 0, 1);
  await reading;
  expect(offsets()).toEqual([0, 1]);
  const failure = new Error('not authorized');
  const other = readingOf(2);
  consumer.crash(failure, false);
  await expect(other).rejects.toBe(failure);
});

test('records that retention deleted before they were read are reported as a cut', async () => {
  const reading = readingOf(8);
  starts.set(0, 5);
  await consumer.deliver(0, 5, 6, 7);
  await reading;
  expect(batches.map(({ cutTo }) => cutTo)).toEqual([5]);
});

test('a range whose last offsets have no record ends: the marker of a transaction is fetched and not handed out', async () => {
  const reading = readingOf(3);
  await consumer.deliverUpTo(2, 0, 0, 1);
  await reading;
  expect(offsets()).toEqual([0, 1]);
});

test('a range that ends with fetches without any record ends after the records before them', async () => {
  const reading = readingOf(4);
  await consumer.deliver(0, 0, 1);
  consumer.endEmptyBatch(0, 3);
  await reading;
  expect(offsets()).toEqual([0, 1]);
});
