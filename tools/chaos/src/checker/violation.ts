export const INVARIANTS = {
  'acked-exactly-once': 'every acknowledged message is stored exactly once',
  'read-back-exactly-once': 'when all is quiet a walk in either sort gives each stored message once, in that order',
  'refused-never-stored': 'none that was refused is stored',
  'unknown-at-most-once': 'one of unknown outcome is stored at most once',
  'no-duplicate': 'no id, no record, and no sender with its key is stored twice',
  'one-order': 'all readers see one order of a conversation, with sort=log that of its partition, without a gap',
  'real-time-order': 'what was acknowledged before another was sent comes before it',
  'read-your-writes': 'what a 201 says is readable is found',
  'monotonic-pages': 'a later walk has all that an earlier one saw, with sort=log at its beginning',
  'members-equal': 'all members of the replica set hold the same',
  'offsets-covered':
    'each record of the log is stored, a repetition of one stored earlier, or a dead letter, and only one of these',
  'dead-letter-intact': 'a dead letter has the key and the value of its record, byte for byte',
  'poison-dead-lettered': 'each poison record is a dead letter for its own reason',
  'only-poison-dead-lettered': 'nothing else is a dead letter',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  invariant: Invariant;
  says: string;
  /** The least that shows it. */
  witness: Record<string, unknown>;
}
