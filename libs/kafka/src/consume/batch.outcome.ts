import type { Appended } from '../client/append.times.ts';
import type { DeadLetter, DeadLetterReason, LogPosition } from '@wiber/contracts';

export interface ConsumedRecord {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, unknown>;
  /**
   * When the broker appended the record: one object for each produce batch. Undefined where the topic keeps the time of the producer
   * instead.
   */
  appended?: Appended | undefined;
}

/** Records of one partition, in the order of their offsets. */
export interface LogBatch {
  topic: string;
  partition: number;
  /** When this process took the batch to handle it: integer milliseconds since the epoch. Repeated attempts do not change it. */
  takenAt: number;
  records: ConsumedRecord[];
}

/** A record that no further attempt can store. */
export interface Rejection extends LogPosition {
  reason: DeadLetterReason;
  error: string;
}

/**
 * What a handler reports for the batches that it was called with. The consumer decides what follows.
 *
 * | outcome       | meaning                                                  | what follows                                  |
 * | ------------- | -------------------------------------------------------- | --------------------------------------------- |
 * | `done`        | each record is stored, was stored before, or is rejected | dead letters of the rejected ones, a commit   |
 * | `unavailable` | the store is away or cannot meet the write concern       | the same batch again, with backoff, no limit  |
 * | `failed`      | the handler threw: a bug                                 | a limited number of attempts; then halving    |
 * |               |                                                          | finds the record, which becomes a dead letter |
 *
 * The note of `done`, a moment of the store, is committed with the offset, for readers of the committed offset. When a batch
 * is handled in several parts, the last note counts. `lamports` has the largest Lamport time of the records of each partition.
 */
export type BatchOutcome =
  | {
      type: 'done';
      rejected: Rejection[];
      note?: string | undefined;
      lamports?: ReadonlyMap<number, number> | undefined;
    }
  | { type: 'unavailable'; cause: unknown }
  | { type: 'failed'; cause: unknown };

/** A rejected record, and what the headers of its dead letter will say. */
export interface RejectedRecord {
  letter: Omit<DeadLetter, 'time' | 'instance'>;
  record: ConsumedRecord;
}
