import { PULSE_MAX } from '@wiber/contracts';
import type { ReadFigures } from '@wiber/host';
import type { BatchKafkaServer } from '@wiber/kafka';
import { METRIC, metricBuckets, metricSum } from '@wiber/observability';
import { INGEST_ENV } from './ingest.env.ts';

const inOrder = (partitions: readonly number[]): number[] =>
  partitions.toSorted((one, other) => one - other).slice(0, PULSE_MAX.partitions);

/** What a pulse of an ingest says: the values of its metrics, and what it reads of the topic of the messages. */
export const ingestFigures =
  (server: Pick<BatchKafkaServer, 'isConsuming' | 'partitionsOf'>): ReadFigures<'ingest'> =>
  async () => {
    const { assigned, paused } = server.partitionsOf(INGEST_ENV.topic);
    return {
      hasJoined: server.isConsuming,
      partitions: inOrder(assigned),
      pausedPartitions: inOrder(paused),
      stored: await metricSum(METRIC.stored),
      deadLettered: await metricSum(METRIC.deadLetters),
      latency: await metricBuckets(METRIC.storeLatency),
    };
  };
