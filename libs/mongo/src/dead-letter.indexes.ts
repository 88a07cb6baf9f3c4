import type { mongo } from 'mongoose';

export const LETTERS_BY_STATE = 'letters_by_state';
export const LETTERS_BY_REASON = 'letters_by_reason';

const newestFirst = { time: -1, 'dlq.partition': -1, 'dlq.offset': -1 } as const;

/** Each index with the query it serves. That a record is listed once is the _id's: its first place. */
export const DEAD_LETTER_INDEXES: mongo.IndexDescription[] = [
  // GET /dead-letters?state
  { name: LETTERS_BY_STATE, key: { 'dlq.topic': 1, state: 1, ...newestFirst } },
  // GET /dead-letters?reason&state
  { name: LETTERS_BY_REASON, key: { 'dlq.topic': 1, reason: 1, state: 1, ...newestFirst } },
];
