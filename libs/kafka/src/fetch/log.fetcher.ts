import type { Kafka } from 'kafkajs';
import { withDeadline } from '@wiber/resilience';
import { AnswerBatch, type Cluster, type PartitionAnswer } from '../client/kafkajs.internals.ts';
import { AppendTimes } from '../client/append.times.ts';
import type { FetchedRecord } from '../client/record.batch.ts';
import { PositionGoneError, type UnreadableBatchError } from '../kafka.errors.ts';
import { ClusterUse, type OpenCluster } from './cluster.use.ts';

/** A record as it was read. */
export interface ReadRecord {
  offset: number;
  /** Integer milliseconds: by the broker's clock when it appended the record, where the topic says LogAppendTime. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Readonly<Record<string, unknown>>;
  /** The same time, only where it is by the broker's clock. */
  appendedAt?: number | undefined;
}

export interface FetchedPartition {
  partition: number;
  /** The broker that answered, where there are records. It leads the partition now; another one may have appended them. */
  leader?: number;
  /** In the order of the log, from the position on. */
  records: ReadRecord[];
  /** The position after these records. It may be after an offset that has no record. */
  next: number;
  /** The offset after the last record that every in-sync replica has. Those behind an open transaction can't be read yet. */
  end: number;
  /** Why the next batch can't be decoded. There are no records then, and no other fetch brings any. */
  unreadable?: UnreadableBatchError;
}

export interface FetchPlan {
  topic: string;
  /** The next offset to read, by partition; of a partition that is absent, the first. */
  positions: ReadonlyMap<number, number>;
  /** Partitions that are left out. */
  except?: ReadonlySet<number>;
  /** Only these partitions. */
  only?: ReadonlySet<number>;
  /**
   * How many bytes each partition may bring, and how many all of one broker. Only of the first partition with records a larger
   * batch comes whole (KIP-74); kafkajs asks for them in a random order.
   */
  partitionBytes: number;
  brokerBytes: number;
  /** How long each broker may take, in milliseconds. */
  withinMs: number;
}

export interface FetchResult {
  /** How many partitions the topic has; 0 when there is no such topic. */
  partitions: number;
  /** Those whose leader answered. */
  fetched: FetchedPartition[];
  /** Why another leader did not; PositionGoneError when a position is not in the log. */
  failures: unknown[];
}

/** Records of committed transactions and of none: ingest reads the same. */
const READ_COMMITTED = 1;
const GONE = 'OFFSET_OUT_OF_RANGE';
const NO_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';

/**
 * Reads records from positions that the caller keeps, without a consumer group: nobody waits for a rebalance, and two
 * readers at once do not share the partitions. After any failure it connects anew, with new metadata.
 */
export class LogFetcher {
  private readonly clusters: ClusterUse;

  constructor(kafka: Kafka) {
    this.clusters = new ClusterUse(kafka);
  }

  /** @throws any error of kafkajs when no broker says what the topic has; DeadlineError */
  async fetch(plan: FetchPlan): Promise<FetchResult> {
    const { topic, except, only, withinMs } = plan;
    const isWanted = (partition: number) => !except?.has(partition) && (!only || only.has(partition));
    const open = await withDeadline(this.clusters.get(), withinMs, 'Kafka');
    const calls: Promise<unknown>[] = [];
    const within = <T>(call: Promise<T>, name: string): Promise<T> => {
      calls.push(call);
      return withDeadline(call, withinMs, name);
    };
    try {
      if (!(await within(prepared(open, topic), 'Kafka'))) return NO_PARTITIONS;
      const metadata = open.cluster.findTopicPartitionMetadata(topic);
      const settled = await Promise.allSettled(
        [...leadersOf(metadata.filter(({ partitionId }) => isWanted(partitionId)))].map(([nodeId, partitions]) =>
          within(fetchFrom(open.cluster, { nodeId, partitions, plan }), `broker ${nodeId}`),
        ),
      );
      const failures = settled.flatMap((one) => (one.status === 'rejected' ? [failureOf(one.reason)] : []));
      if (failures.some((failure) => !(failure instanceof PositionGoneError))) this.clusters.giveUp(open, calls);
      const fetched = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      return { partitions: metadata.length, fetched, failures };
    } catch (error) {
      this.clusters.giveUp(open, calls);
      if ((error as { type?: string }).type === NO_TOPIC) return NO_PARTITIONS;
      throw error;
    }
  }

  /** Nest's hook: it runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  close(): Promise<void> {
    return this.clusters.close();
  }
}

const NO_PARTITIONS: FetchResult = { partitions: 0, fetched: [], failures: [] };

/** Whether the topic is there. One that is missing is looked for in the list of all topics: that is no error. */
const prepared = async ({ cluster, ready, topics }: OpenCluster, topic: string): Promise<boolean> => {
  await ready;
  if (!topics.has(topic)) {
    const { topicMetadata } = await cluster.metadata({ topics: [] });
    if (!topicMetadata.some((one) => one.topic === topic)) return false;
    topics.add(topic);
  }
  await cluster.addMultipleTargetTopics([topic]);
  await cluster.refreshMetadataIfNecessary();
  return true;
};

/** The partitions of each leader. A partition without a leader is left out. */
const leadersOf = (metadata: readonly { partitionId: number; leader: number }[]): Map<number, number[]> => {
  const byLeader = new Map<number, number[]>();
  for (const { partitionId, leader } of metadata)
    if (leader >= 0) byLeader.set(leader, [...(byLeader.get(leader) ?? []), partitionId]);
  return byLeader;
};

const fetchFrom = async (
  cluster: Cluster,
  { nodeId, partitions, plan }: { nodeId: number; partitions: number[]; plan: FetchPlan },
): Promise<FetchedPartition[]> => {
  const { topic, positions, partitionBytes, brokerBytes } = plan;
  const broker = await cluster.findBroker({ nodeId });
  const wanted = partitions.map((partition) => {
    return { partition, fetchOffset: String(positions.get(partition) ?? 0), maxBytes: partitionBytes };
  });
  const { responses } = await broker.fetch({
    isolationLevel: READ_COMMITTED,
    // The caller comes again after its own pause.
    maxWaitTime: 0,
    minBytes: 0,
    maxBytes: brokerBytes,
    topics: [{ topic, partitions: wanted }],
  });
  return responses.flatMap((response) =>
    response.partitions.map((answer) => {
      const read = readAnswer(topic, answer, positions.get(answer.partition) ?? 0);
      return read.records.length > 0 ? { ...read, leader: nodeId } : read;
    }),
  );
};

const readAnswer = (topic: string, answer: PartitionAnswer, position: number): FetchedPartition => {
  const { partition, messages, highWatermark } = answer;
  const end = Number(highWatermark);
  const unreadable = messages[0]?.unreadable;
  if (unreadable) return { partition, records: [], next: position, end, unreadable };
  const last = messages.at(-1);
  const next = last ? Math.max(position, Number(last.offset) + 1) : position;
  const appendTimes = new AppendTimes();
  const records = new AnswerBatch(topic, String(position), answer).messages.map((record) =>
    recordOf(record, appendTimes),
  );
  return { partition, records, next, end };
};

const recordOf = (record: FetchedRecord, appendTimes: AppendTimes): ReadRecord => {
  const { offset, timestamp, key, value, headers } = record;
  const appendedAt = appendTimes.of(record)?.at;
  return { offset: Number(offset), timestamp: Number(timestamp), key, value, headers, appendedAt };
};

const failureOf = (reason: unknown): unknown => {
  const { type, partition } = reason as { type?: string; partition?: number };
  return type === GONE && partition !== undefined ? new PositionGoneError(partition, { cause: reason }) : reason;
};
