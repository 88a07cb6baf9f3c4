import { askAdmin, kafkaClient } from '@wiber/harness';

export interface PartitionState {
  partition: number;
  /** The id of the broker that leads it; -1: none does. */
  leader: number;
  replicas: number[];
  /** The ids of the brokers whose replicas are in sync, smallest first. */
  inSync: number[];
}

/** The state of each partition of a topic, by its number, as the first of these brokers that answers knows it. */
export const partitionStates = (brokers: readonly string[], topic: string): Promise<PartitionState[]> =>
  askAdmin(
    kafkaClient(brokers, { requestTimeout: 3000, retry: { retries: 2, initialRetryTime: 50 } }),
    async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return (topics[0]?.partitions ?? [])
        .map(({ partitionId, leader, replicas, isr }) => ({
          partition: partitionId,
          leader,
          replicas: replicas.toSorted(byNumber),
          inSync: isr.toSorted(byNumber),
        }))
        .sort((a, b) => a.partition - b.partition);
    },
  );

const byNumber = (a: number, b: number): number => a - b;
