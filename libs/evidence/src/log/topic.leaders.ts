import { askAdmin, kafkaClient } from '@wiber/harness';

/** The id of the broker that leads a partition; -1 when no broker does. */
export const leaderIdOf = (brokers: string[], topic: string, partition: number): Promise<number> =>
  askAdmin(kafkaClient(brokers, { requestTimeout: 5000 }), async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
  });

/**
 * How many partitions lack a replica in sync, as this one broker answers. The others still count a dead broker as in sync
 * until its session has ended, so they are not asked.
 */
export const partitionsOutOfSync = (broker: string, topic: string, withinMs: number): Promise<number> =>
  askAdmin(kafkaClient([broker], { requestTimeout: withinMs, retry: { retries: 0 } }), async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics.flatMap((found) => found.partitions);
    return partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length;
  });
