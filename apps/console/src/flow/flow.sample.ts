import type { InstanceLook, PartitionLook } from '@wiber/contracts';

/** An instance that is well, for specs. */
export const instanceSample = (instance: string): InstanceLook => ({
  instance,
  status: 'up',
  isShared: false,
  ageMs: 300,
  upMs: 60_000,
  rssBytes: 100_000_000,
  cpuRatio: 0.1,
  breakers: [{ name: 'mongo', state: 'closed' }],
});

/** A partition that is well, for specs. */
export const partitionSample = (partition: number): PartitionLook => ({
  partition,
  leader: 1,
  replicas: [1, 2, 3],
  inSync: [1, 2, 3],
  end: 10,
  stored: 10,
  lag: 0,
  acceptedPerSecond: 0,
  storedPerSecond: 0,
  ingest: 'ingest-1',
});
