import type { LogRange, LogReader, PartitionBounds } from '@wiber/evidence';
import { AuditError } from '../audit.errors.ts';
import type { LiveSystem } from '../live.system.ts';

/** What is audited: each partition from its start to the committed offset. Ingest never changes its decision on these. */
export interface CommittedRanges {
  ranges: LogRange[];
  bounds: PartitionBounds[];
  /** What the log lost before ingest read it. After ingest went on behind it, nothing tells it from what was read. */
  cuts: LogRange[];
}

/**
 * Read once, at the start: what ingest commits later is not audited.
 * @throws AuditError when there is no such topic, or when the topic has records and the group committed nothing of it
 */
export const readCommittedRanges = async (log: LogReader, { topic, groupId }: LiveSystem): Promise<CommittedRanges> => {
  const noTopic = new AuditError('log_unusable', `there is no topic ${topic}; KAFKA_TOPIC names the topic to audit`);
  if (!(await log.hasTopic(topic))) throw noTopic;
  // Before the bounds, so that every committed offset lies within them.
  const committed = await log.committed(groupId, topic);
  const bounds = await log.bounds(topic);
  if (!bounds) throw noTopic;
  if (committed.size === 0 && bounds.some(({ low, high }) => high > low)) {
    const detail = `the group ${groupId} has committed nothing of ${topic}; KAFKA_CONSUMER_GROUP names the group of ingest`;
    throw new AuditError('log_unusable', detail);
  }
  const ranges = bounds.map(({ low, high }, partition) => ({
    partition,
    from: low,
    to: Math.max(low, Math.min(high, committed.get(partition) ?? low)),
  }));
  const cuts = bounds.flatMap(({ low }, partition): LogRange[] => {
    const from = committed.get(partition) ?? low;
    return from < low ? [{ partition, from, to: low }] : [];
  });
  return { ranges, bounds, cuts };
};
