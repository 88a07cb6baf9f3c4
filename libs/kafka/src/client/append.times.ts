import { isTime } from '@wiber/contracts';
import { LOG_APPEND_TIME, type BatchContext, type FetchedRecord } from './record.batch.ts';

/**
 * The times at which brokers appended records. All records of a batch have one: with LogAppendTime the broker writes its
 * clock into the head of the batch, and no record has a time of its own. So it is read once for each batch.
 * https://kafka.apache.org/documentation/#recordbatch
 */
export class AppendTimes {
  private batch: BatchContext | undefined;
  private appendedAt: number | undefined;

  /** Integer milliseconds; undefined where the record has the time of its producer, or none that can be right. */
  of({ batchContext }: Partial<Pick<FetchedRecord, 'batchContext'>>): number | undefined {
    if (batchContext !== this.batch) {
      this.batch = batchContext;
      this.appendedAt = batchContext && appendTimeOf(batchContext);
    }
    return this.appendedAt;
  }
}

const appendTimeOf = ({ attributes, maxTimestamp }: BatchContext): number | undefined => {
  const time = (attributes & LOG_APPEND_TIME) === 0 ? undefined : Number(maxTimestamp);
  return isTime(time) ? time : undefined;
};
