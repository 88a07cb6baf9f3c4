import { channel } from 'node:diagnostics_channel';

/** What a leader says of a partition in each answer to a fetch, also in one without records. */
export interface FetchedOffsets {
  topic: string;
  partition: number;
  /** Before it no transaction is open. A consumer gets no record from here on, also none that is in no transaction. */
  lastStableOffset: bigint;
  /** The offset after the last record that every in-sync replica has. */
  highWatermark: bigint;
}

/** Each answer of this process is published here: kafkajs shows its users none that has no records. */
const fetched = channel('wiber.kafka.fetched');

export const publishFetched = (topic: string, partitions: readonly FetchedPartition[]): void => {
  if (!fetched.hasSubscribers) return;
  for (const { partition, errorCode, lastStableOffset, highWatermark } of partitions) {
    if (errorCode !== 0) continue;
    const offsets = { lastStableOffset: BigInt(lastStableOffset), highWatermark: BigInt(highWatermark) };
    fetched.publish({ topic, partition, ...offsets } satisfies FetchedOffsets);
  }
};

interface FetchedPartition {
  partition: number;
  errorCode: number;
  lastStableOffset: string;
  highWatermark: string;
}

/** Calls `see` for each partition of each answer, until the returned function is called. */
export const watchFetched = (see: (offsets: FetchedOffsets) => void): (() => void) => {
  const listener = (offsets: unknown) => see(offsets as FetchedOffsets);
  fetched.subscribe(listener);
  return () => void fetched.unsubscribe(listener);
};
