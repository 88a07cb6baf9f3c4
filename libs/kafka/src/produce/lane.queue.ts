import type { LogPosition } from '@wiber/contracts';
import type { LanePolicy } from './lane.policy.ts';
import { maxBytesOf, type LogRecord } from './log.record.ts';

/** A record whose caller waits for an answer. */
export interface PendingSend {
  record: LogRecord;
  /** By the lane's clock, in milliseconds. */
  deadline: number;
  resolve: (position: LogPosition) => void;
  reject: (error: Error) => void;
  /** True when the caller has its answer already; the record may still be in flight. */
  settled: boolean;
}

/** The records that wait for a lane's next batches, oldest first. */
export class LaneQueue {
  private sends: PendingSend[] = [];

  get length(): number {
    return this.sends.length;
  }

  push(send: PendingSend): void {
    this.sends.push(send);
  }

  /** Back to the front, in their order. */
  putBack(sends: PendingSend[]): void {
    this.sends.unshift(...sends);
  }

  /** Takes as many of the oldest as one request may hold, and at least one. */
  takeBatch({ maxBatch, maxBatchBytes }: Pick<LanePolicy, 'maxBatch' | 'maxBatchBytes'>): PendingSend[] {
    let count = 0;
    for (let bytes = 0; count < this.sends.length && count < maxBatch; count += 1) {
      bytes += maxBytesOf((this.sends[count] as PendingSend).record);
      if (count > 0 && bytes > maxBatchBytes) break;
    }
    return this.sends.splice(0, count);
  }

  rejectAll(newError: () => Error): void {
    for (const send of this.sends.splice(0)) send.reject(newError());
  }

  /** Rejects and removes each one whose deadline is not after `now`. */
  rejectExpired(now: number, newError: () => Error): void {
    this.sends = this.sends.filter((send) => {
      if (send.deadline > now) return true;
      send.reject(newError());
      return false;
    });
  }
}
