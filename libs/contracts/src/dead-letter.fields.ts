import { DEAD_LETTER_STATES } from './dead-letter.ts';

/** What the descriptions of several fields of dead letters have in common. */
export const INTEGER = { type: 'integer', minimum: 0 } as const;
export const OPTIONAL = { required: false } as const;
export const EXAMPLE_MESSAGE = { fromUser: 'alice', toUser: 'bob', content: 'Hello, Bob' };
export const EXAMPLE_MESSAGE_ID = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
export const LETTER_ID = { type: String, example: '3-1042', description: 'partition-offset of the rejected record.' };
export const LETTER_STATE = {
  type: String,
  enum: DEAD_LETTER_STATES,
  example: 'waiting',
  description: 'Whether it was replayed or discarded.',
};
export const REPLAYED_PARTITION = {
  ...OPTIONAL,
  ...INTEGER,
  example: 3,
  description: 'The partition of the replayed message.',
} as const;
export const REPLAYED_OFFSET = {
  ...OPTIONAL,
  ...INTEGER,
  example: 2048,
  description: 'The offset of the replayed message.',
} as const;
export const REPLACED_BY = {
  ...OPTIONAL,
  type: String,
  example: EXAMPLE_MESSAGE_ID,
  description: 'The id of the message that replaces it.',
} as const;
