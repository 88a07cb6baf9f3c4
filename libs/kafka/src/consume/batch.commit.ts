import type { EachBatchPayload } from 'kafkajs';

/** A batch that is stored, to be committed. */
export interface PendingCommit {
  payload: EachBatchPayload;
  /** Whether its partition is still this member's, under the generation that it was read in. */
  isOurs: () => boolean;
  /** For whoever reads the committed offset. */
  note: string | undefined;
}

/**
 * Commits several batches with one request.
 *
 * kafkajs joins anew in one fetcher while another still works on a batch, and commits with the generation of the
 * moment; Kafka does not ask whose the partition is. So a batch of an earlier generation is not committed: it could put
 * the offset back behind the new owner's. And only what is committed counts as read: after a failed commit the batch
 * comes again, so that the committed offset never stays behind the store.
 */
export const commitTogether = async (pending: PendingCommit[]): Promise<void> => {
  const ours = pending.filter(({ isOurs }) => isOurs());
  const [first] = ours;
  if (!first) return;
  const topics = [...Map.groupBy(ours, ({ payload }) => payload.batch.topic)].map(([topic, commits]) => ({
    topic,
    partitions: commits.map(({ payload: { batch }, note }) => {
      // Past the last record: control records and compaction leave offsets that no record has.
      const offset = String(BigInt(batch.lastOffset()) + 1n);
      return { partition: batch.partition, offset, metadata: note ?? null };
    }),
  }));
  await first.payload.commitOffsetsIfNecessary({ topics });
  for (const { payload, isOurs } of ours) if (isOurs()) payload.resolveOffset(payload.batch.lastOffset());
};
