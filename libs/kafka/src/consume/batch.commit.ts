import type { ConsumedBatch } from './consumed.batch.ts';

/** A handled batch that waits for its commit. */
export interface PendingCommit {
  consumed: ConsumedBatch;
  /** Committed with the offset, for readers of the committed offset. */
  note: string | undefined;
}

/**
 * Commits several batches with one request.
 *
 * A batch of an earlier generation is not committed: kafkajs may rejoin the group in one fetcher while another still
 * handles a batch, it commits under the current generation, and Kafka does not check who owns the partition. Such a
 * commit could move the offset back behind the new owner's.
 *
 * A batch counts as read only after its commit succeeded. After a failed commit it is fetched again, so the committed
 * offset never stays behind the store.
 */
export const commitTogether = async (pending: PendingCommit[]): Promise<void> => {
  const owned = pending.filter(({ consumed }) => consumed.isOwned);
  const [first] = owned;
  if (!first) return;
  const topics = [...Map.groupBy(owned, ({ consumed }) => consumed.batch.topic)].map(([topic, commits]) => ({
    topic,
    partitions: commits.map(({ consumed: { batch, nextOffset }, note }) => {
      return { partition: batch.partition, offset: nextOffset, metadata: note ?? null };
    }),
  }));
  await first.consumed.commit({ topics });
  for (const { consumed } of owned) if (consumed.isOwned) consumed.markRead();
};
