import { isTime } from '@wiber/contracts';
import { LOG_APPEND_TIME, type BatchContext, type FetchedRecord } from './record.batch.ts';

/** When a broker appended a produce batch. All records of the batch have the same object. */
export interface Appended {
  /** Integer milliseconds by the broker's clock. */
  at: number;
}

/**
 * The times at which brokers appended records. All records of a batch have one: with LogAppendTime the broker writes its
 * clock into the head of the batch, and no record has a time of its own. So it is read once for each batch.
 * https://kafka.apache.org/documentation/#recordbatch
 */
export class AppendTimes {
  private batch: BatchContext | undefined;
  private appended: Appended | undefined;

  /** Undefined where the record has the time of its producer, or none that can be right. */
  of({ batchContext }: Partial<Pick<FetchedRecord, 'batchContext'>>): Appended | undefined {
    if (batchContext !== this.batch) {
      this.batch = batchContext;
      this.appended = batchContext && appendedOf(batchContext);
    }
    return this.appended;
  }
}

const appendedOf = ({ attributes, maxTimestamp }: BatchContext): Appended | undefined => {
  const at = (attributes & LOG_APPEND_TIME) === 0 ? undefined : Number(maxTimestamp);
  return isTime(at) ? { at } : undefined;
};
