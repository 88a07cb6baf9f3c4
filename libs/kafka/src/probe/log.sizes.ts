import type { Kafka } from 'kafkajs';
import { withDeadline } from '@wiber/resilience';
import { METADATA_MAX_AGE_MS } from '../client/kafka.client.ts';
import { createCluster, type Cluster } from '../client/kafkajs.internals.ts';
import { logDisksRequest } from './log-dirs.flexible.ts';
import { LOG_DIRS_KEY, logDirsRequest, type BrokerLog } from './log-dirs.request.ts';

/** The first version of the request whose answer has the disks. */
const WITH_DISKS = 4;

/** What the copies of some topics take on each broker, and what its disk has. It connects for each look: looks are rare. */
export class LogSizes {
  private readonly kafka: Kafka;

  constructor(kafka: Kafka) {
    this.kafka = kafka;
  }

  /**
   * @returns by the id of the broker; one that does not answer is absent. A topic that is missing has no copies
   * @throws LogDirsRefusedError and any error of kafkajs when no broker answers; DeadlineError
   */
  async read(topics: readonly string[], withinMs: number): Promise<Map<number, BrokerLog>> {
    const cluster = createCluster(this.kafka, {
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
    });
    try {
      return await withDeadline(this.ask(cluster, topics), withinMs, 'Kafka');
    } finally {
      // Not awaited: a disconnect waits for a broker that does not answer.
      void cluster.disconnect().catch(() => undefined);
    }
  }

  private async ask(cluster: Cluster, topics: readonly string[]): Promise<Map<number, BrokerLog>> {
    await cluster.connect();
    const partitions = new Map<string, number[]>();
    const brokers = new Set<number>();
    for (const topic of topics) {
      const { brokers: present, topicMetadata } = await cluster.metadata({ topics: [topic] }).catch(ofMissingTopic);
      for (const { nodeId } of present) brokers.add(nodeId);
      for (const { partitionMetadata } of topicMetadata)
        partitions.set(
          topic,
          partitionMetadata.map(({ partitionId }) => partitionId),
        );
    }
    const settled = await Promise.allSettled(
      [...brokers].map(async (nodeId): Promise<[number, BrokerLog]> => {
        const broker = await cluster.findBroker({ nodeId });
        const isNew = (broker.versions?.[LOG_DIRS_KEY]?.maxVersion ?? 0) >= WITH_DISKS;
        const request = isNew ? logDisksRequest(partitions) : logDirsRequest(partitions);
        return [nodeId, (await broker.connectionPool.send(request)) as BrokerLog];
      }),
    );
    const sizes = new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const refused = settled.find((one) => one.status === 'rejected');
    if (sizes.size === 0 && refused) throw refused.reason;
    return sizes;
  }
}

const ofMissingTopic = (error: unknown): { brokers: []; topicMetadata: [] } => {
  if ((error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION') return { brokers: [], topicMetadata: [] };
  throw error;
};
