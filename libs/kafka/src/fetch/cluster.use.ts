import type { Kafka } from 'kafkajs';
import { METADATA_MAX_AGE_MS } from '../client/kafka.client.ts';
import { createCluster, type Cluster } from '../client/kafkajs.internals.ts';

/** How many clusters may still be closing when another one is opened. */
const CLOSING_MAX = 2;

/** A cluster of kafkajs, and the calls that use it. */
export interface OpenCluster {
  cluster: Cluster;
  /** Settles when it has its first connection, or when kafkajs gives up. */
  ready: Promise<void>;
  /** Topics that it was told of. One that is missing would be an error line of kafkajs at each refresh. */
  topics: Set<string>;
}

/**
 * The cluster that is in use. One that failed is given up and another one is opened. kafkajs goes on with the calls of a
 * cluster that was given up, and connects for them again: while a broker hangs, each cluster takes minutes to end. So only a
 * few may be closing when the next one is opened, and each is closed once more when its calls have ended.
 */
export class ClusterUse {
  private readonly kafka: Kafka;
  private current: OpenCluster | undefined;
  private readonly closing = new Map<OpenCluster, Promise<void>>();

  constructor(kafka: Kafka) {
    this.kafka = kafka;
  }

  /** Waits while too many clusters are closing. */
  async get(): Promise<OpenCluster> {
    while (!this.current && this.closing.size >= CLOSING_MAX) await Promise.race(this.closing.values());
    return (this.current ??= this.open());
  }

  /** @param calls those that are under way. It is not awaited: a broker that does not answer takes its time. */
  giveUp(open: OpenCluster, calls: readonly Promise<unknown>[]): void {
    if (this.current === open) this.current = undefined;
    const before = this.closing.get(open) ?? Promise.resolve();
    const closed: Promise<void> = before.then(async () => {
      await closeAfter(open, calls);
      if (this.closing.get(open) === closed) this.closing.delete(open);
    });
    this.closing.set(open, closed);
  }

  async close(): Promise<void> {
    const open = this.current;
    this.current = undefined;
    await open?.cluster.disconnect().catch(() => undefined);
  }

  private open(): OpenCluster {
    const cluster = createCluster(this.kafka, { metadataMaxAge: METADATA_MAX_AGE_MS, allowAutoTopicCreation: false });
    const ready = cluster.connect();
    ready.catch(() => undefined);
    return { cluster, ready, topics: new Set() };
  }
}

/** Twice: a call that ends late opens connections again. */
const closeAfter = async ({ cluster, ready }: OpenCluster, calls: readonly Promise<unknown>[]): Promise<void> => {
  await cluster.disconnect().catch(() => undefined);
  await Promise.allSettled([ready, ...calls]);
  await cluster.disconnect().catch(() => undefined);
};
