import type {
  DeadLetter,
  DeadLetterState,
  ListedReason,
  LogPosition,
  Message,
  TopicPosition,
  TrailEntry,
} from '@wiber/contracts';

/** A record of the dead-letter topic, to be listed. Its own place is the one where the record was first. */
export interface FailedRecord extends Omit<DeadLetter, 'reason'> {
  reason: ListedReason;
  /** Its place in the dead-letter topic. */
  dlq: TopicPosition;
  key: Buffer | null;
  value: Buffer | null;
  /** The record's own headers. */
  headers: { name: string; value: Buffer }[];
}

/** What an operator decided to append, written before it is appended. */
export interface ReplayIntent {
  message: Message;
  mended: boolean;
  /** Its place in the log; absent until the append is acknowledged. */
  position?: LogPosition;
}

export interface ListedLetter extends FailedRecord {
  state: DeadLetterState;
  /** The length of the whole value, though less may be kept. */
  valueBytes: number;
  replay?: ReplayIntent;
  trail: TrailEntry[];
}

export type LetterSummary = Omit<ListedLetter, 'key' | 'value' | 'headers' | 'replay' | 'trail'>;

/** The record of a letter. */
export type ListedRecord = Pick<ListedLetter, 'topic' | 'partition' | 'offset' | 'value' | 'headers'>;

/** The position of a letter in the list: its time, then its partition and offset in the dead-letter topic. */
export type LetterCursor = readonly [time: number, partition: number, offset: number];

/** A topic's name holds no colon, so no two places share a key. */
export const letterKeyOf = ({ topic, partition, offset }: TopicPosition): string => `${topic}:${partition}:${offset}`;
