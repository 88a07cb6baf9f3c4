import type { DeadLetter, DeadLetterReason, LogPosition } from '@wiber/contracts';

export interface ConsumedRecord {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, unknown>;
}

export interface LogBatch {
  topic: string;
  partition: number;
  records: ConsumedRecord[];
}

/** A record that can never be stored as it is. */
export interface Rejection extends LogPosition {
  reason: DeadLetterReason;
  error: string;
}

/**
 * What became of a batch: all that can go wrong while a record is handled, told apart. A note goes with the offset that is
 * committed, for whoever reads that; of several of one batch the last counts.
 *
 * | outcome       | what it was                                             | what follows                                            |
 * | ------------- | ------------------------------------------------------- | ------------------------------------------------------- |
 * | `done`        | each record is stored, was already, or is rejected      | rejected ones become dead letters, then it is committed |
 * | `unavailable` | MongoDB away, no primary, time-out, concern not met     | the same batch again, with backoff, as long as it takes |
 * | `failed`      | the handler threw: a bug, for all that is known         | a bounded number of tries, then the record it fails for |
 * |               |                                                         | is found by halving and becomes a dead letter           |
 */
export type BatchOutcome =
  | { type: 'done'; rejected: Rejection[]; note?: string | undefined }
  | { type: 'unavailable'; cause: unknown }
  | { type: 'failed'; cause: unknown };

/** A record that is given up, whole, with what its headers will say. */
export interface GivenUp {
  letter: Omit<DeadLetter, 'time' | 'instance'>;
  record: ConsumedRecord;
}
