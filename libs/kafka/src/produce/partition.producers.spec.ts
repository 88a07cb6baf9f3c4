import type { Kafka, Producer, ProducerRecord } from 'kafkajs';
import { BatchTooLargeError, UnacknowledgedError } from '../kafka.errors.ts';
import { PartitionProducers } from './partition.producers.ts';

interface ProducerDouble {
  sends: ProducerRecord[];
  isConnected: boolean;
}

/** Producers over a Kafka of doubles. `errors` are thrown by the first sends, `connectErrors` by the first connects. */
const producersWith = ({
  errors = [] as Error[],
  connectErrors = [] as Error[],
  baseOffset = '7',
  isEmpty = [] as boolean[],
} = {}) => {
  const doubles: ProducerDouble[] = [];
  const batches: [records: number, ms: number][] = [];
  const clock = { now: 100 };
  const kafka = {
    producer: () => {
      const double: ProducerDouble = { sends: [], isConnected: false };
      doubles.push(double);
      return {
        connect: async () => {
          const error = connectErrors.shift();
          if (error) throw error;
          double.isConnected = true;
        },
        disconnect: async () => void (double.isConnected = false),
        send: async (record: ProducerRecord) => {
          double.sends.push(record);
          clock.now += 5;
          const error = errors.shift();
          if (error) throw error;
          const partition = record.messages[0]?.partition;
          return isEmpty.shift() ? [] : [{ topicName: record.topic, partition, errorCode: 0, baseOffset }];
        },
      } as unknown as Producer;
    },
  } satisfies Pick<Kafka, 'producer'>;
  const producers = new PartitionProducers({
    kafka,
    topic: 'chat',
    now: () => clock.now,
    watch: { follow: (_, send) => send },
    onBatch: (...batch) => void batches.push(batch),
    log: () => undefined,
  });
  return { producers, doubles, batches };
};

const record = { key: 'a:b', value: 'hi' };
const kafkaError = (type: string): Error => Object.assign(new Error(type), { type });

test('each partition has a producer of its own, and a send is for one partition with acks from all in-sync replicas', async () => {
  const { producers, doubles } = producersWith();
  await producers.append(0, [record]);
  await producers.append(3, [record, record]);
  await producers.append(0, [record]);
  expect(doubles.map(({ sends }) => sends.length)).toEqual([2, 1]);
  for (const { topic, acks, messages } of doubles.flatMap(({ sends }) => sends)) {
    expect([topic, acks, new Set(messages.map(({ partition }) => partition)).size]).toEqual(['chat', -1, 1]);
  }
});

test('the offset of the first record is returned, and -1 when the broker does not say it', async () => {
  expect(await producersWith().producers.append(0, [record])).toBe(7);
  expect(await producersWith({ baseOffset: '-1' }).producers.append(0, [record])).toBe(-1);
});

test('a send that kafkajs resolves without an answer for the partition fails, and the next one has a new producer', async () => {
  const { producers, doubles, batches } = producersWith({ isEmpty: [true] });
  await expect(producers.append(0, [record])).rejects.toBeInstanceOf(UnacknowledgedError);
  expect(batches).toEqual([]);
  expect(await producers.append(0, [record])).toBe(7);
  expect(doubles.map(({ sends }) => sends.length)).toEqual([1, 1]);
});

test('after a failed send the producer is disconnected and the next batch gets a new one', async () => {
  const { producers, doubles, batches } = producersWith({ errors: [kafkaError('OUT_OF_ORDER_SEQUENCE_NUMBER')] });
  await expect(producers.append(0, [record])).rejects.toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER');
  await producers.append(0, [record]);
  expect(doubles.map(({ isConnected, sends }) => [isConnected, sends.length])).toEqual([
    [false, 1],
    [true, 1],
  ]);
  expect(batches).toEqual([[1, 5]]);
});

test.each(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])(
  'a batch that is refused with %s is reported as too large, and the producer is kept: its sequence numbers are unused',
  async (type) => {
    const cause = new Error('retries are over', { cause: kafkaError(type) });
    const { producers, doubles } = producersWith({ errors: [cause] });
    await expect(producers.append(0, [record, record])).rejects.toBeInstanceOf(BatchTooLargeError);
    await producers.append(0, [record]);
    expect(doubles).toHaveLength(1);
  },
);

test('a producer that cannot connect is not kept', async () => {
  const { producers, doubles } = producersWith({ connectErrors: [new Error('no broker')] });
  await expect(producers.open(0)).rejects.toThrow('no broker');
  await producers.open(0);
  expect(doubles).toHaveLength(2);
});

test('close disconnects every producer', async () => {
  const { producers, doubles } = producersWith();
  await Promise.all([producers.open(0), producers.open(1)]);
  await producers.close();
  expect(doubles.map(({ isConnected }) => isConnected)).toEqual([false, false]);
});
