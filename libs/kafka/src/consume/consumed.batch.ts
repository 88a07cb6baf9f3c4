import type { EachBatchPayload, OffsetsByTopicPartition } from 'kafkajs';
import { wallNow } from '@wiber/contracts';
import { AppendTimes } from '../client/append.times.ts';
import type { FetchedRecord } from '../client/record.batch.ts';
import { NO_HEADERS } from '../client/record.headers.ts';
import type { UnreadableBatchError } from '../kafka.errors.ts';
import type { ConsumedRecord, LogBatch } from './batch.outcome.ts';
import type { PartitionClaim } from './consumer.membership.ts';

/** A fetched batch of one partition, from its fetch to its commit. Only this class knows the payload of kafkajs. */
export class ConsumedBatch {
  readonly batch: LogBatch;
  private readonly payload: EachBatchPayload;
  private readonly claim: PartitionClaim;

  constructor(payload: EachBatchPayload, claim: PartitionClaim) {
    this.payload = payload;
    this.claim = claim;
    const { topic, partition, messages } = payload.batch;
    const appendTimes = new AppendTimes();
    const records = messages.map((message): ConsumedRecord => {
      const { offset, key, value, headers = NO_HEADERS } = message;
      return {
        offset: Number(offset),
        key,
        value,
        headers,
        appended: appendTimes.of(message as Partial<FetchedRecord>),
      };
    });
    this.batch = { topic, partition, takenAt: wallNow(), records };
  }

  /** Why the batch can't be decoded; undefined for a batch that can. */
  get unreadable(): UnreadableBatchError | undefined {
    return (this.payload.batch.messages[0] as Partial<FetchedRecord> | undefined)?.unreadable;
  }

  /** The first offset that the partition held when this batch was fetched; 0 where the broker did not say it. */
  get logStart(): number {
    return (this.payload.batch.messages[0] as Partial<FetchedRecord> | undefined)?.batchContext?.logStartOffset ?? 0;
  }

  /** The offset from which this batch was fetched: what is before it was read. */
  get fetchedFrom(): number {
    const { fetchedOffset, messages } = this.payload.batch as EachBatchPayload['batch'] & { fetchedOffset?: string };
    return Number(fetchedOffset ?? messages[0]?.offset ?? 0);
  }

  /**
   * The offset to commit: after the last one, because control records and compaction leave offsets without a record.
   */
  get nextOffset(): string {
    return String(BigInt(this.payload.batch.lastOffset()) + 1n);
  }

  /** False after a rebalance: the partition may have a new owner, who may have committed more. */
  get isOwned(): boolean {
    return this.claim();
  }

  /** False once no further attempt may be made: after a rebalance, or when the consumer stops. */
  get mayContinue(): boolean {
    return this.payload.isRunning() && this.isOwned;
  }

  /** Rejects while the group rebalances. */
  heartbeat(): Promise<void> {
    return this.payload.heartbeat();
  }

  /**
   * Sends heartbeats until the returned function is called, so that one slow write does not cost the membership. Their
   * failures are ignored: the next heartbeat between attempts or after the batch fails too.
   */
  startHeartbeats(everyMs: number): () => void {
    const timer = setInterval(() => void this.heartbeat().catch(() => undefined), everyMs);
    return () => clearInterval(timer);
  }

  /** Stops the fetches of this partition until the returned function is called. */
  pause(): () => void {
    return this.payload.pause();
  }

  /** Commits offsets of any partitions of this consumer. */
  async commit(offsets: OffsetsByTopicPartition): Promise<void> {
    await this.payload.commitOffsetsIfNecessary(offsets);
  }

  /** Without this kafkajs fetches the batch again. */
  markRead(): void {
    this.payload.resolveOffset(this.payload.batch.lastOffset());
  }
}
