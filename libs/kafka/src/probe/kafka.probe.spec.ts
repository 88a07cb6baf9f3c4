import type { Admin, Kafka } from 'kafkajs';
import { DeadlineError } from '@wiber/resilience';
import { KafkaProbe } from './kafka.probe.ts';

interface AdminDouble {
  connect: PromiseWithResolvers<void>;
  isConnected: boolean;
}

/** A probe over connections that the test establishes. `leaders` is what every broker answers. */
const probeWith = (leaders: number[] | Error) => {
  const state = {
    leaders,
    offsets: [] as { partition: number; offset: string; metadata: string | null }[],
    isReversed: false,
  };
  const admins: AdminDouble[] = [];
  const kafka = {
    admin: () => {
      const double: AdminDouble = { connect: Promise.withResolvers(), isConnected: false };
      admins.push(double);
      return {
        connect: async () => {
          await double.connect.promise;
          double.isConnected = true;
        },
        disconnect: async () => void (double.isConnected = false),
        fetchTopicMetadata: async () => {
          if (state.leaders instanceof Error) throw state.leaders;
          const partitions = state.leaders.map((leader, partitionId) => ({ partitionId, leader }));
          return { topics: [{ partitions: state.isReversed ? partitions.toReversed() : partitions }] };
        },
        fetchOffsets: async () => [{ partitions: state.offsets }],
      } as unknown as Admin;
    },
  } as unknown as Kafka;
  return { probe: new KafkaProbe(kafka), admins, state };
};

/** Lets promises settle. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('one connection serves every call', async () => {
  const { probe, admins } = probeWith([1, 2]);
  const first = probe.leadersOf('chat', 1000);
  admins[0]!.connect.resolve();
  expect(await first).toEqual([1, 2]);
  expect(await probe.leadersOf('chat', 1000)).toEqual([1, 2]);
  expect(admins.map(({ isConnected }) => isConnected)).toEqual([true]);
});

test('leaders are those of the partitions in their order, in whatever order a broker lists them', async () => {
  const { probe, admins, state } = probeWith([3, 1, 2]);
  state.isReversed = true;
  const leaders = probe.leadersOf('chat', 1000);
  admins[0]!.connect.resolve();
  expect(await leaders).toEqual([3, 1, 2]);
});

test('after a failed call its connection is dropped and the next call takes a new one', async () => {
  const { probe, admins, state } = probeWith(new Error('broken pipe'));
  const failed = probe.leadersOf('chat', 1000);
  admins[0]!.connect.resolve();
  await expect(failed).rejects.toThrow('broken pipe');
  state.leaders = [1];
  const next = probe.leadersOf('chat', 1000);
  admins[1]!.connect.resolve();
  expect(await next).toEqual([1]);
  expect(admins.map(({ isConnected }) => isConnected)).toEqual([false, true]);
});

test('a connection that is established after the deadline of its call is dropped', async () => {
  const { probe, admins } = probeWith([1]);
  await expect(probe.leadersOf('chat', 5)).rejects.toBeInstanceOf(DeadlineError);
  admins[0]!.connect.resolve();
  await settle();
  await settle();
  expect(admins[0]!.isConnected).toBe(false);
});

test('of several calls before there is a connection the first to succeed keeps its own, the others are dropped', async () => {
  const { probe, admins } = probeWith([1]);
  const calls = [1, 2, 3].map(() => probe.leadersOf('chat', 1000));
  for (const admin of [admins[1]!, admins[0]!, admins[2]!]) {
    admin.connect.resolve();
    await settle();
  }
  await Promise.all(calls);
  expect(admins.map(({ isConnected }) => isConnected)).toEqual([false, true, false]);
});

test('after close no connection stays open, not even one that is established later', async () => {
  const { probe, admins } = probeWith([1]);
  const call = probe.leadersOf('chat', 1000);
  await probe.close();
  admins[0]!.connect.resolve();
  await call;
  expect(admins[0]!.isConnected).toBe(false);
});

test('a partition in which the group has committed nothing is absent from the committed offsets', async () => {
  const { probe, admins, state } = probeWith([1]);
  state.offsets = [
    { partition: 0, offset: '-1', metadata: null },
    { partition: 1, offset: '42', metadata: 'T1' },
  ];
  const committed = probe.committed('group', 'chat', 1000);
  admins[0]!.connect.resolve();
  expect(await committed).toEqual([{ partition: 1, offset: 42, note: 'T1' }]);
});
