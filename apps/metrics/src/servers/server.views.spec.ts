import type { BrokerLog } from '@wiber/kafka';
import { brokersViewOf, groupViewOf, logViewOf, topicViewOf } from './server.views.ts';

test('a group shows its members with their partitions in order; of many, 100', () => {
  const member = { member: 'm', client: 'c', host: '/h', partitions: [2, 0, 11] };
  expect(groupViewOf({ state: 'Stable', members: [member] })).toEqual({
    state: 'Stable',
    total: 1,
    members: [{ ...member, partitions: [0, 2, 11] }],
  });
  const many = groupViewOf({ state: 'Stable', members: Array.from({ length: 500 }, () => member) });
  expect([many.total, many.members.length]).toEqual([500, 100]);
});

test('a partition with fewer copies in sync than it should have is under-replicated; one without a leader is counted too', () => {
  const replicas = [1, 2, 3];
  const seen = [
    { partition: 0, leader: 1, replicas, inSync: [1, 2, 3] },
    { partition: 1, leader: 2, replicas, inSync: [2] },
    { partition: 2, leader: -1, replicas, inSync: [] },
  ];
  const { partitions, ...counts } = topicViewOf(seen);
  expect(counts).toEqual({ total: 3, underReplicated: 2, withoutLeader: 1 });
  expect(partitions[2]).toEqual({ partition: 2, replicas, inSync: [] });
  const many = topicViewOf(Array.from({ length: 5000 }, (_, partition) => ({ ...seen[1]!, partition })));
  expect([many.total, many.underReplicated, many.partitions.length]).toEqual([5000, 5000, 1000]);
});

test('brokers are shown by their id; a cluster without a controller shows none', () => {
  const brokers = [
    { id: 2, address: 'b:1' },
    { id: 1, address: 'a:1' },
  ];
  const view = brokersViewOf({ controller: null, brokers });
  expect(view).toEqual({
    total: 2,
    brokers: [
      { broker: 1, address: 'a:1' },
      { broker: 2, address: 'b:1' },
    ],
  });
  expect(brokersViewOf({ controller: 2, brokers }).controller).toBe(2);
});

test('the log shows all copies of a broker and its disk where the broker tells it, and of each partition of the messages the largest copy', () => {
  const copy = (topic: string, partition: number, bytes: number) => ({ topic, partition, bytes });
  const sizes = new Map<number, BrokerLog>([
    [2, { copies: [copy('chat', 0, 10), copy('chat', 1, 7), copy('chat.dlq', 0, 5)] }],
    [1, { copies: [copy('chat', 0, 12)], disk: { bytes: 100, freeBytes: 60 } }],
  ]);
  expect(logViewOf(sizes, 'chat')).toEqual({
    brokers: [
      { broker: 1, bytes: 12, diskBytes: 100, diskFreeBytes: 60 },
      { broker: 2, bytes: 22 },
    ],
    partitions: [
      { partition: 0, bytes: 12 },
      { partition: 1, bytes: 7 },
    ],
  });
});
