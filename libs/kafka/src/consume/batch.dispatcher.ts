import type { EachBatchPayload } from 'kafkajs';
import type { LogLine } from '../client/log.line.ts';
import { BatchAttempt } from './batch.attempt.ts';
import type { PendingCommit } from './batch.commit.ts';
import { ConsumedBatch } from './consumed.batch.ts';
import type { ConsumerMembership } from './consumer.membership.ts';
import { CutDetector, type CutRecords } from './cut.detector.ts';
import type { BatchHandler } from './gathering.handler.ts';
import type { LamportNotes } from './lamport.notes.ts';
import { publishRejected, type PublishDeadLetter } from './rejected.records.ts';
import { RetryWait, type RetryPolicy, type RetryReason } from './retry.wait.ts';
import { UnreadableBatches } from './unreadable.batches.ts';

export interface DispatcherOptions {
  handlerOf: (topic: string) => BatchHandler;
  /** Only records of this topic may become dead letters; those of another topic are retried without a limit. */
  deadLetters: { topic: string; publish: PublishDeadLetter };
  commit: (pending: PendingCommit) => Promise<void>;
  membership: Pick<ConsumerMembership, 'claim' | 'heartbeatMs'>;
  policy: RetryPolicy;
  /** Writes the notes of committed offsets. */
  notes?: Pick<LamportNotes, 'noteOf'> | undefined;
  /** Called when records were deleted before this member read them. */
  onCut: (cut: CutRecords) => void;
  /** Called before each further attempt of a batch. */
  onRetry?: ((why: RetryReason) => void) | undefined;
  /** Aborted when this process stops. */
  stop: AbortSignal;
  log: LogLine;
}

/**
 * Takes each fetched batch from the handler's outcome to the commit. After a rebalance or a stop the batch stays
 * uncommitted, and the next owner of its partition fetches it again.
 *
 * kafkajs fetches from a broker again only when every batch of the last fetch is done. So a batch that needs a second
 * attempt is set aside: its partition is paused, nothing of it is fetched and nothing overtakes the batch, and the
 * other partitions continue.
 */
export class BatchDispatcher {
  private readonly options: DispatcherOptions;
  /** The batches that are set aside, and the places of their partitions. */
  private readonly setAside = new Map<Promise<void>, { topic: string; partition: number }>();
  private readonly unreadable: UnreadableBatches;
  private readonly cuts = new CutDetector();

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.unreadable = new UnreadableBatches(options);
  }

  /** How many partitions wait before a batch that can't be decoded. */
  get unreadablePartitions(): number {
    return this.unreadable.partitions;
  }

  /** How many partitions are paused for a batch that was set aside. */
  get pausedPartitions(): number {
    return this.setAside.size;
  }

  /** The partitions of a topic that are paused for a batch that was set aside. */
  pausedOf(topic: string): number[] {
    return [...this.setAside.values()].filter((one) => one.topic === topic).map(({ partition }) => partition);
  }

  /** Resolves when no batch is set aside any more. */
  async settle(): Promise<void> {
    await Promise.all(this.setAside.keys());
  }

  /** The `eachBatch` of kafkajs. Resolves when the batch is committed, abandoned or set aside. */
  async dispatch(payload: EachBatchPayload): Promise<void> {
    const { membership, policy, onCut, onRetry, stop, log } = this.options;
    const claim = membership.claim(payload.batch.topic, payload.batch.partition);
    // Fetched before the partition was assigned to another member.
    if (!claim) return;
    const consumed = new ConsumedBatch(payload, claim);
    const cut = this.cuts.cutBefore(consumed);
    if (cut) onCut(cut);
    if (consumed.unreadable) return this.keepAside(this.unreadable.wait(consumed, consumed.unreadable), consumed);
    const retries = new RetryWait({ consumed, backoff: policy.backoff, stop, onRetry, log });
    const work = this.complete(consumed, retries);
    const isOver = await Promise.race([work.then(() => true), retries.firstFailure.then(() => false)]);
    if (!isOver) this.keepAside(work, consumed);
  }

  private keepAside(work: Promise<void>, consumed: ConsumedBatch): void {
    const { topic, partition, records } = consumed.batch;
    const offset = records[0]?.offset;
    const resume = consumed.pause();
    const ended = work
      .catch((error: unknown) => {
        this.options.log('warn', 'a batch was abandoned; it is fetched again', { topic, partition, offset, error });
      })
      .finally(() => {
        this.setAside.delete(ended);
        resume();
      });
    this.setAside.set(ended, { topic, partition });
  }

  private async complete(consumed: ConsumedBatch, retries: RetryWait): Promise<void> {
    const { commit, deadLetters, membership, policy, handlerOf, notes, log } = this.options;
    const { topic } = consumed.batch;
    const publish = topic === deadLetters.topic ? deadLetters.publish : undefined;
    const maxFailures = publish ? policy.maxFailures : Infinity;
    const stopHeartbeats = consumed.startHeartbeats(membership.heartbeatMs);
    try {
      const attempt = new BatchAttempt({ consumed, handler: handlerOf(topic), retries, notes, maxFailures, log });
      const result = await attempt.run();
      if (result.type === 'abandoned') return;
      const isPublished = await publishRejected(result.rejected, { consumed, retries, publish });
      if (isPublished) {
        await commit({ consumed, note: result.note });
        this.cuts.committed(consumed);
      }
    } finally {
      stopHeartbeats();
    }
  }
}
