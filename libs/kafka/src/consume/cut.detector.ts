import type { LogPosition } from '@wiber/contracts';
import type { KafkaProbe } from '../probe/kafka.probe.ts';
import type { ConsumedBatch } from './consumed.batch.ts';

/** Records that were deleted before the group read them: from this position on, `count` of them. */
export interface CutRecords extends LogPosition {
  topic: string;
  count: number;
}

interface Expected {
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
    this.expected.set(name, { offset: Number(consumed.nextOffset), isOwned: () => consumed.isOwned });
    const first = records[0]?.offset ?? 0;
    // After a rebalance another member may have read what is missing here.
    if (!before?.isOwned()) return undefined;
    const count = Math.min(first, consumed.logStart) - before.offset;
    return count > 0 ? { topic, partition, offset: before.offset, count } : undefined;
  }
}

/** The records that were deleted before the group came to read them, by the committed offsets. */
export const cutSinceCommit = async (
  probe: Pick<KafkaProbe, 'committed' | 'starts'>,
  { groupId, topic, withinMs }: { groupId: string; topic: string; withinMs: number },
): Promise<CutRecords[]> => {
  // In this order: what is committed meanwhile only makes less of it.
  const starts = await probe.starts(topic, withinMs);
  const committed = await probe.committed(groupId, topic, withinMs);
  return committed
    .map(({ partition, offset }) => ({ topic, partition, offset, count: (starts.get(partition) ?? 0) - offset }))
    .filter(({ count }) => count > 0);
};
