import { EvidenceError } from '../evidence.errors.ts';

/**
 * The entries of all partitions, in their order.
 * @throws EvidenceError when one is missing, as that of a partition without a leader may be: those behind it would be taken for
 *   others
 */
export const inOrder = <Entry extends { partition: number }>(entries: readonly Entry[]): Entry[] => {
  const sorted = entries.toSorted((a, b) => a.partition - b.partition);
  const missing = sorted.findIndex(({ partition }, index) => partition !== index);
  if (missing >= 0)
    throw new EvidenceError('log_unusable', `Kafka says nothing of partition ${missing}: it has no leader`);
  return sorted;
};
