import type { LogPosition } from '@wiber/contracts';
import type { KafkaProbe } from '../probe/kafka.probe.ts';
import type { ConsumedBatch } from './consumed.batch.ts';

/** Records that were deleted before the group read them: from this position on, `count` of them. */
export interface CutRecords extends LogPosition {
  topic: string;
  count: number;
}

interface Expected {
  /** Nothing from here on is stored by this member. */
  offset: number;
  isOwned: () => boolean;
}

/**
 * Notices records that retention deletes while this member reads their partition. kafkajs then goes on at the new start of
 * the partition. Other gaps between offsets are no loss: control records and compaction leave them too.
 */
export class CutDetector {
  private readonly expected = new Map<string, Expected>();

  /** The records between the last batch of the partition and this one that the log does not hold any more. */
  cutBefore(consumed: ConsumedBatch): CutRecords | undefined {
    const { topic, partition, records } = consumed.batch;
    const name = `${topic}/${partition}`;
    const before = this.expected.get(name);
    const begin = Math.min(records[0]?.offset ?? 0, consumed.logStart);
    // After a rebalance another member may have read what is missing here.
    const offset = before?.isOwned() ? before.offset : consumed.fetchedFrom;
    // Not behind this batch: it is not stored yet, and may be deleted before it is.
    this.expected.set(name, { offset: Math.max(offset, begin), isOwned: () => consumed.isOwned });
    const count = begin - offset;
    return before?.isOwned() && count > 0 ? { topic, partition, offset, count } : undefined;
  }

  /** To be called when the batch is committed: what is behind it is read next. */
  committed(consumed: ConsumedBatch): void {
    const { topic, partition } = consumed.batch;
    const offset = Number(consumed.nextOffset);
    this.expected.set(`${topic}/${partition}`, { offset, isOwned: () => consumed.isOwned });
  }
}

export interface CutsSinceCommit {
  cuts: CutRecords[];
  /** Committed offsets of partitions without a leader: nobody says yet where their logs begin. */
  unknown: readonly LogPosition[];
}

interface CutQuestion {
  groupId: string;
  topic: string;
  withinMs: number;
  /** What was unknown before; by default all that the group has committed. */
  of?: readonly LogPosition[] | undefined;
}

/** The records that were deleted before the group came to read them, by the committed offsets. */
export const cutSinceCommit = async (
  probe: Pick<KafkaProbe, 'committed' | 'starts'>,
  { groupId, topic, withinMs, of }: CutQuestion,
): Promise<CutsSinceCommit> => {
  // In this order: what is committed meanwhile only makes less of it.
  const starts = await probe.starts(topic, withinMs);
  const committed = of ?? (await probe.committed(groupId, topic, withinMs));
  const cuts = committed
    .map(({ partition, offset }) => ({ topic, partition, offset, count: (starts.get(partition) ?? 0) - offset }))
    .filter(({ count }) => count > 0);
  return { cuts, unknown: committed.filter(({ partition }) => !starts.has(partition)) };
};
