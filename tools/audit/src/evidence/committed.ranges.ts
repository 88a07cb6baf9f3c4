import { CannotTellError } from '../audit.errors.ts';
import type { LiveSystem } from '../live.system.ts';
import type { Bounds, LogReader, Range } from './log.reader.ts';

/** What is judged: from where the log begins to where the group has committed, which is final. */
export interface JudgedRanges {
  ranges: Range[];
  bounds: Bounds[];
}

/**
 * Taken once, at the start: what ingest does meanwhile lies beyond.
 * @throws CannotTellError when there is no such topic, or a group that has read nothing of a log that holds something
 */
export const judgedRanges = async (log: LogReader, { topic, groupId }: LiveSystem): Promise<JudgedRanges> => {
  const missing = new CannotTellError(
    'log_unusable',
    `there is no topic ${topic}; KAFKA_TOPIC names the topic to audit`,
  );
  if (!(await log.hasTopic(topic))) throw missing;
  // Before the bounds: what is committed is in the log by then.
  const committed = await log.committed(groupId, topic);
  const bounds = await log.bounds(topic);
  if (!bounds) throw missing;
  if (committed.size === 0 && bounds.some(({ low, high }) => high > low)) {
    const detail = `the group ${groupId} has committed nothing of ${topic}; KAFKA_CONSUMER_GROUP names the group of ingest`;
    throw new CannotTellError('log_unusable', detail);
  }
  const ranges = bounds.map(({ low, high }, partition) => ({
    partition,
    from: low,
    to: Math.max(low, Math.min(high, committed.get(partition) ?? low)),
  }));
  return { ranges, bounds };
};
