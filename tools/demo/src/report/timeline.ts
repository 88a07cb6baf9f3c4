import type { Send } from '../traffic/send.ts';

export const BUCKET_MS = 100;

/** What happened in 100 ms. */
export interface Bucket {
  /** Its start, in milliseconds since the kill. */
  at: number;
  accepted: number;
  refused: number;
  unknown: number;
  stored: number;
}

export interface TimelineParts {
  sends: readonly Send[];
  /** When each message was stored. All times are milliseconds of one clock. */
  storedAt: readonly number[];
  killedAt: number;
}

const COUNTER = { acknowledged: 'accepted', refused: 'refused', unknown: 'unknown' } as const;

/** Every 100 ms from the first answer to the last event, also those in which nothing happened. */
export const timelineOf = ({ sends, storedAt, killedAt }: TimelineParts): Bucket[] => {
  if (sends.length === 0) return [];
  const bucketOf = (at: number): number => Math.floor((at - killedAt) / BUCKET_MS);
  const all = [...sends.map(({ answeredAt }) => answeredAt), ...storedAt].map(bucketOf);
  const [first, last] = all.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [0, 0]) as [
    number,
    number,
  ];
  const buckets = Array.from({ length: last - first + 1 }, (_, index): Bucket => {
    return { at: (first + index) * BUCKET_MS, accepted: 0, refused: 0, unknown: 0, stored: 0 };
  });
  for (const { answeredAt, outcome } of sends) buckets[bucketOf(answeredAt) - first]![COUNTER[outcome.type]] += 1;
  for (const at of storedAt) buckets[bucketOf(at) - first]!.stored += 1;
  return buckets;
};
