/**
 * A record's position in the log of one topic. The offset is a safe integer, so a partition holds up to 2^53 records;
 * -1 means that the broker acknowledged the record without its offset.
 */
export interface LogPosition {
  partition: number;
  offset: number;
}

/** A record's position where records of several topics meet. */
export interface TopicPosition extends LogPosition {
  topic: string;
}
