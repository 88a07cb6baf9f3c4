import type { EachBatchPayload } from 'kafkajs';
import { backoffMs, type BackoffPolicy } from '@wiber/resilience';
import type { PendingCommit } from './batch.commit.ts';
import type { LogLine } from './kafka.client.ts';

export interface ConsumedRecord {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, unknown>;
}

export interface LogBatch {
  topic: string;
  partition: number;
  records: ConsumedRecord[];
}

/**
 * What became of a batch. `done`: each record is stored or kept with its reason; a note is committed with its offset.
 * `unavailable`: nothing may be committed.
 */
export type BatchOutcome = { type: 'done'; note?: string | undefined } | { type: 'unavailable'; cause: unknown };

/** This member's place in the group, as of its last join. */
export interface Membership {
  generation: number;
  owns(topic: string, partition: number): boolean;
}

export interface AttemptPorts {
  ask: (batch: LogBatch) => Promise<BatchOutcome>;
  commit: (pending: PendingCommit) => Promise<void>;
  membership: () => Membership;
  isStopping: () => boolean;
  backoff: BackoffPolicy;
  heartbeatMs: number;
  log: LogLine;
}

/**
 * Hands a batch over until it is done, then commits it; leaves it uncommitted, to come again to whoever gets its
 * partition, when the group rebalances or this consumer stops.
 */
export const attemptBatch = async (payload: EachBatchPayload, ports: AttemptPorts): Promise<void> => {
  const { topic, partition, messages } = payload.batch;
  const { generation, owns } = ports.membership();
  if (!owns(topic, partition)) return;
  const records = messages.map(({ offset, key, value, headers }) => {
    return { offset: Number(offset), key, value, headers: headers ?? {} };
  });
  const isOurs = () => ports.membership().generation === generation;
  // One slow write must not cost the membership. What a beat finds out, the heartbeat between tries or after the batch
  // finds out too: kafkajs counts only those that were answered.
  const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), ports.heartbeatMs);
  try {
    for (let attempt = 0; payload.isRunning() && isOurs(); attempt += 1) {
      const outcome = await ports.ask({ topic, partition, records });
      if (outcome.type === 'done') return await ports.commit({ payload, isOurs, note: outcome.note });
      ports.log('warn', 'the store is unavailable; the batch is tried again', { partition, error: outcome.cause });
      await pauseFor(backoffMs(ports.backoff, attempt, Math.random), ports.isStopping);
      // Throws when the group rebalances.
      await payload.heartbeat();
    }
  } finally {
    clearInterval(beat);
  }
};

/** Ends early when the server is stopping. */
export const pauseFor = async (ms: number, isStopping: () => boolean): Promise<void> => {
  const until = Date.now() + ms;
  while (!isStopping() && Date.now() < until) await new Promise<void>((resolve) => setTimeout(resolve, 50));
};
