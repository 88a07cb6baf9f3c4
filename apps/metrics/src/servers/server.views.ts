import type { BrokersDto, GroupDto, LogSizeDto, TopicReplicasDto } from '@wiber/contracts';
import type { BrokerLog, ClusterProbe, SeenReplicas } from '@wiber/kafka';

/** Bounds of what is written down. Totals count all. */
const MEMBERS_MAX = 100;
const BROKERS_MAX = 100;
const PARTITIONS_MAX = 1000;

type Seen<M extends 'group' | 'brokers'> = Awaited<ReturnType<ClusterProbe[M]>>;

export const groupViewOf = ({ state, members }: Seen<'group'>): GroupDto => ({
  state,
  total: members.length,
  members: members.slice(0, MEMBERS_MAX).map(({ partitions, ...member }) => {
    return { ...member, partitions: partitions.toSorted((a, b) => a - b).slice(0, PARTITIONS_MAX) };
  }),
});

export const brokersViewOf = ({ controller, brokers }: Seen<'brokers'>): BrokersDto => ({
  ...(controller === null ? {} : { controller }),
  total: brokers.length,
  brokers: brokers
    .toSorted((a, b) => a.id - b.id)
    .slice(0, BROKERS_MAX)
    .map(({ id, address }) => ({ broker: id, address })),
});

export const topicViewOf = (partitions: readonly SeenReplicas[]): TopicReplicasDto => ({
  total: partitions.length,
  underReplicated: partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length,
  withoutLeader: partitions.filter(({ leader }) => leader < 0).length,
  partitions: partitions.slice(0, PARTITIONS_MAX).map(({ partition, leader, replicas, inSync }) => {
    return { partition, ...(leader < 0 ? {} : { leader }), replicas, inSync };
  }),
});

/** @param topic the topic of the messages: its partitions are shown one by one */
export const logViewOf = (sizes: ReadonlyMap<number, BrokerLog>, topic: string): LogSizeDto => {
  const largest = new Map<number, number>();
  for (const { copies } of sizes.values())
    for (const copy of copies)
      if (copy.topic === topic) largest.set(copy.partition, Math.max(copy.bytes, largest.get(copy.partition) ?? 0));
  const brokers = [...sizes].sort(([a], [b]) => a - b).slice(0, BROKERS_MAX);
  const partitions = [...largest].sort(([a], [b]) => a - b).slice(0, PARTITIONS_MAX);
  return {
    brokers: brokers.map(([broker, { copies, disk }]) => {
      const bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
      return { broker, bytes, ...(disk && { diskBytes: disk.bytes, diskFreeBytes: disk.freeBytes }) };
    }),
    partitions: partitions.map(([partition, bytes]) => ({ partition, bytes })),
  };
};
