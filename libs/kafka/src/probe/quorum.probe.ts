import type { Kafka } from 'kafkajs';
import { withDeadline } from '@wiber/resilience';
import { METADATA_MAX_AGE_MS } from '../client/kafka.client.ts';
import { NO_TOPICS } from '../client/metadata.request.ts';
import { createCluster, type Cluster } from '../client/kafkajs.internals.ts';
import { QuorumRefusedError, quorumRequest } from './quorum.request.ts';

/**
 * Asks who the controller is. The answer to a metadata request does not tell it: with KRaft it names any broker that lives
 * (KRaftMetadataCache.getRandomAliveBrokerId). After any failure it takes a new connection.
 */
export class QuorumProbe {
  private readonly kafka: Kafka;
  private cluster: Cluster | undefined;
  private isClosed = false;

  constructor(kafka: Kafka) {
    this.kafka = kafka;
  }

  /**
   * The node that is the controller: a broker, or a node that is nothing else. Undefined while there is none.
   * @throws QuorumRefusedError, DeadlineError, and any error of kafkajs
   */
  async controller(withinMs: number): Promise<number | undefined> {
    const options = { metadataMaxAge: METADATA_MAX_AGE_MS, allowAutoTopicCreation: false };
    const cluster = (this.cluster ??= createCluster(this.kafka, options));
    try {
      return await withDeadline(ask(cluster), withinMs, 'Kafka');
    } catch (error) {
      // A refusal is an answer: another connection would get the same.
      if (!(error instanceof QuorumRefusedError)) this.drop(cluster);
      throw error;
    } finally {
      if (this.isClosed) this.drop(cluster);
    }
  }

  close(): void {
    this.isClosed = true;
    if (this.cluster) this.drop(this.cluster);
  }

  private drop(cluster: Cluster): void {
    if (this.cluster === cluster) this.cluster = undefined;
    // Not awaited: a disconnect waits for a broker that does not answer.
    void cluster.disconnect().catch(() => undefined);
  }
}

const ask = async (cluster: Cluster): Promise<number | undefined> => {
  await cluster.connect();
  const { brokers } = await cluster.metadata({ topics: NO_TOPICS });
  const [first] = brokers;
  if (!first) return undefined;
  const broker = await cluster.findBroker(first);
  return ((await broker.connectionPool.send(quorumRequest())) as { controller: number | undefined }).controller;
};
