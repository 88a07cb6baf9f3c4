import type { CountedRejection } from './batch.attempt.ts';
import type { RejectedRecord } from './batch.outcome.ts';
import type { ConsumedBatch } from './consumed.batch.ts';
import type { RetryWait } from './retry.wait.ts';

/** Resolves once every in-sync replica has the dead letter. */
export type PublishDeadLetter = (rejected: RejectedRecord) => Promise<void>;

export interface PublishingOptions {
  consumed: ConsumedBatch;
  retries: RetryWait;
  /** Undefined where a record must not become a dead letter. */
  publish: PublishDeadLetter | undefined;
}

/** Dead letters that are sent at once. Fewer than a lane may queue, so that the lane refuses none of them. */
const SENT_AT_ONCE = 500;

/**
 * Resolves to true once every in-sync replica has all dead letters of the batch, to false when no further attempt may
 * be made.
 */
export const publishRejected = async (
  rejections: CountedRejection[],
  { consumed, retries, publish }: PublishingOptions,
): Promise<boolean> => {
  const { topic, records } = consumed.batch;
  const byOffset = new Map(records.map((record) => [record.offset, record]));
  let left = rejections.map((rejection): RejectedRecord => {
    return { letter: { topic, ...rejection }, record: byOffset.get(rejection.offset)! };
  });
  for (let attempt = 1; left.length > 0 && consumed.mayContinue; attempt += 1) {
    const { refused, cause } = await publishAll(left, publish);
    left = refused;
    if (left.length > 0) await retries.waitAfter(attempt, { type: 'unavailable', cause });
  }
  return left.length === 0;
};

/** Publishes until the first failure; returns the letters that must be sent again. */
const publishAll = async (
  letters: RejectedRecord[],
  publish: PublishDeadLetter | undefined,
): Promise<{ refused: RejectedRecord[]; cause?: unknown }> => {
  if (!publish) return { refused: letters, cause: new Error('records of this topic must not become dead letters') };
  for (let start = 0; start < letters.length; start += SENT_AT_ONCE) {
    const chunk = letters.slice(start, start + SENT_AT_ONCE);
    const settled = await Promise.allSettled(chunk.map((letter) => publish(letter)));
    const failure = settled.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    if (!failure) continue;
    const refused = chunk.filter((_, index) => settled[index]?.status === 'rejected');
    return { refused: [...refused, ...letters.slice(start + chunk.length)], cause: failure.reason };
  }
  return { refused: [] };
};
