import type { LogPosition } from '@wiber/contracts';
import { OutcomeUnknownError, type NotSentError } from '../kafka.errors.ts';
import type { LanePolicy } from './lane.policy.ts';
import type { LogRecord } from '../client/log.record.ts';

/** A record whose caller waits for an answer. */
export interface PendingSend {
  record: LogRecord;
  /** The most bytes that the record can take in a batch. */
  bytes: number;
  /** By the lane's clock, in milliseconds. */
  deadline: number;
  resolve: (position: LogPosition) => void;
  reject: (error: Error) => void;
  /** True when the caller has its answer already; the record may still be in flight. */
  settled: boolean;
  /** True when an earlier batch with this record failed: a broker may have appended it. */
  mayBeAppended: boolean;
}

const UNKNOWN = 'Kafka did not answer in time; repeat the request with the same Idempotency-Key to be safe';

/** The answer to a caller whose record may be in Kafka. */
export const rejectAsUnknown = (send: PendingSend): void => {
  send.settled = true;
  send.reject(new OutcomeUnknownError(UNKNOWN));
};

/** Says "not sent" only where that is known: a record of a batch that failed before gets "unknown". */
export const rejectUnsent = (send: PendingSend, newError: () => NotSentError): void => {
  if (send.mayBeAppended) rejectAsUnknown(send);
  else send.reject(newError());
};

/** The records that wait for a lane's next batches, oldest first. */
export class LaneQueue {
  private sends: PendingSend[] = [];
  private queuedBytes = 0;

  get length(): number {
    return this.sends.length;
  }

  /** The bytes of all waiting records. */
  get bytes(): number {
    return this.queuedBytes;
  }

  push(send: PendingSend): void {
    this.sends.push(send);
    this.queuedBytes += send.bytes;
  }

  /** Back to the front, in their order. */
  putBack(sends: PendingSend[]): void {
    this.sends.unshift(...sends);
    for (const { bytes } of sends) this.queuedBytes += bytes;
  }

  /** Takes as many of the oldest as one request may hold, and at least one. */
  takeBatch({ maxBatch, maxBatchBytes }: Pick<LanePolicy, 'maxBatch' | 'maxBatchBytes'>): PendingSend[] {
    let count = 0;
    let taken = 0;
    while (count < this.sends.length && count < maxBatch) {
      const { bytes } = this.sends[count] as PendingSend;
      if (count > 0 && taken + bytes > maxBatchBytes) break;
      taken += bytes;
      count += 1;
    }
    this.queuedBytes -= taken;
    return this.sends.splice(0, count);
  }

  rejectAll(newError: () => NotSentError): void {
    this.queuedBytes = 0;
    for (const send of this.sends.splice(0)) rejectUnsent(send, newError);
  }

  /** Rejects and removes each one whose deadline is not after `now`. */
  rejectExpired(now: number, newError: () => NotSentError): void {
    this.sends = this.sends.filter((send) => {
      if (send.deadline > now) return true;
      this.queuedBytes -= send.bytes;
      rejectUnsent(send, newError);
      return false;
    });
  }
}
