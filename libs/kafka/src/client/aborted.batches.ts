import type { BatchContext, FetchedRecord } from './record.batch.ts';

/** An aborted transaction that has records in a fetched range. Its first record may be before the range. */
export interface AbortedTransaction {
  producerId: string;
  firstOffset: bigint;
}

/** The type of a control record stands behind its version, two bytes each: https://kafka.apache.org/documentation/#controlbatch */
const CONTROL_TYPE_AT = 2;
const CONTROL_KEY_BYTES = 4;
const ABORT = 0;

/**
 * Tells which batches of one fetched partition belong to aborted transactions, as Kafka's own consumer does: several
 * transactions may have begun before one batch, and only the marker in a control batch ends one. kafkajs 2.2.4 takes one
 * transaction for each record, so records of the others pass, and it takes any record with the key of a marker for one.
 */
export class AbortedBatches {
  /** The last one begins first. */
  private readonly later: AbortedTransaction[];
  private readonly producers = new Set<string>();

  constructor(transactions: readonly AbortedTransaction[]) {
    this.later = transactions.toSorted((a, b) => Number(b.firstOffset - a.firstOffset));
  }

  /** True when the records of the batch must not be read. Each batch is asked for once, in the order of the log. */
  has({ firstOffset, lastOffsetDelta, producerId, inTransaction, isControlBatch }: BatchContext): boolean {
    const lastOffset = firstOffset + BigInt(lastOffsetDelta);
    for (let next = this.later.at(-1); next && next.firstOffset <= lastOffset; next = this.later.at(-1)) {
      this.producers.add(next.producerId);
      this.later.pop();
    }
    return inTransaction && !isControlBatch && this.producers.has(producerId);
  }

  /** Ends the transaction of the producer when the control record aborts it. */
  endAt({ key, isControlRecord, batchContext }: FetchedRecord): void {
    if (!isControlRecord || !key || key.length < CONTROL_KEY_BYTES) return;
    if (key.readInt16BE(CONTROL_TYPE_AT) === ABORT) this.producers.delete(batchContext.producerId);
  }
}
