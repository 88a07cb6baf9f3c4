import { conversationIdOf } from '@wiber/contracts';
import type { Send, StoredRow } from '../checker/observation.ts';
import type { FaultRecord } from '../nemesis/fault.record.ts';

export interface Gap {
  /** Milliseconds of the workload's clock. */
  from: number;
  to: number;
  ms: number;
}

/** The longest time without an accepted send of one partition. */
export interface PartitionGap extends Gap {
  partition: number;
}

/** How long a fault kept the system from accepting messages. */
export interface FaultGaps {
  /** Of all conversations. */
  gap: Gap;
  /** Of the conversations of the partitions that the broker led when it was hit: the partition with the longest gap. */
  ownGap?: PartitionGap;
}

/** The longest time between `from` and `to` without an accepted send. */
export const longestGap = (sends: readonly Send[], { from, to }: { from: number; to: number }): Gap => {
  const accepted = sends
    .filter(({ outcome, answeredAt }) => outcome.type === 'acked' && answeredAt >= from && answeredAt <= to)
    .map(({ answeredAt }) => answeredAt)
    .sort((a, b) => a - b);
  const times = [from, ...accepted, to];
  let longest: Gap = { from, to: from, ms: 0 };
  for (let index = 1; index < times.length; index += 1) {
    const gap = { from: times[index - 1]!, to: times[index]!, ms: times[index]! - times[index - 1]! };
    if (gap.ms > longest.ms) longest = gap;
  }
  return longest;
};

/** A gap within this time after a fault's end still counts as its effect. */
const AFTER_EFFECT_MS = 20_000;

/** The sends of each partition. A conversation of which nothing is stored has no known partition and is left out. */
const byPartition = (sends: readonly Send[], stored: readonly StoredRow[]): Map<number | undefined, Send[]> => {
  const partitions = new Map(stored.map(({ conversationId, partition }) => [conversationId, partition]));
  return Map.groupBy(sends, ({ fromUser, toUser }) => partitions.get(conversationIdOf(fromUser, toUser)));
};

/** Each fault with the longest gaps from its start until a while after its end, or until the end of the load. */
export const gapsOf = (
  faults: readonly FaultRecord[],
  { sends, stored }: { sends: readonly Send[]; stored: readonly StoredRow[] },
): (FaultRecord & FaultGaps)[] => {
  const end = Math.max(0, ...sends.map(({ answeredAt }) => answeredAt));
  const sendsOf = byPartition(sends, stored);
  return faults.map((fault) => {
    const span = { from: fault.from, to: Math.min(end, fault.to + AFTER_EFFECT_MS) };
    // A partition without any conversation says nothing.
    const own = (fault.led ?? []).flatMap((partition) => {
      const ofPartition = sendsOf.get(partition);
      return ofPartition ? [{ partition, ...longestGap(ofPartition, span) }] : [];
    });
    const ownGap = own.toSorted((a, b) => b.ms - a.ms)[0];
    return { ...fault, gap: longestGap(sends, span), ...(ownGap && { ownGap }) };
  });
};
