import { GroupReader } from '@wiber/evidence';
import { eventually } from '@wiber/harness';
import type { Subject } from '../subject.ts';

/** How long the healed system may take to store the log. */
const SETTLE_MS = 180_000;

/** What Kafka knows about the topic and the group of a system. */
export const groupReaderOf = ({ kafka, topic, group }: Pick<Subject, 'kafka' | 'topic' | 'group'>): GroupReader =>
  new GroupReader({
    KAFKA_BOOTSTRAP_SERVERS: kafka.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_CONSUMER_GROUP: group,
  });

/**
 * Resolves once ingest has committed every record of the log.
 * @throws Error that says what is left, after `within` milliseconds
 */
export const untilSettled = (subject: Subject, within = SETTLE_MS): Promise<void> => {
  const ingest = groupReaderOf(subject);
  return eventually(
    async () => {
      const [committed, ends] = await Promise.all([ingest.committed(), ingest.ends()]);
      const left = ends.flatMap((end, partition) => {
        const next = Math.max(0, committed[partition] ?? 0);
        // A larger offset than the end is of a topic that was deleted: ingest has not seen the new one yet.
        return next === end ? [] : [`partition ${partition} is committed to ${next} of ${end}`];
      });
      if (left.length > 0) throw new Error(left.join(', '));
    },
    { within },
  );
};

/** Undefined when ingest committed every record in time, otherwise what is left: a finding for the checker, no error. */
export const whyUnsettled = (subject: Subject, within?: number): Promise<string | undefined> =>
  untilSettled(subject, within).then(
    () => undefined,
    (error: Error) => error.message,
  );
