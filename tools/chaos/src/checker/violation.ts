export const INVARIANTS = {
  'acked-exactly-once': 'every acknowledged message is stored exactly once',
  'refused-never-stored': 'none that was refused is stored',
  'unknown-at-most-once': 'one of unknown outcome is stored at most once',
  'no-duplicate': 'no id, no record, and no sender with its key is stored twice',
  'one-order': 'all readers see one order of a conversation, that of its partition',
  'real-time-order': 'what was acknowledged before another was sent comes before it',
  'read-your-writes': 'what a 201 says is readable is found',
  'monotonic-pages': 'a later walk begins with what an earlier one saw',
  'members-equal': 'all members of the replica set hold the same',
  'offsets-covered':
    'each record of the log is stored, a repetition of a stored one, or a dead letter, and only one of these',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  invariant: Invariant;
  says: string;
  /** The least that shows it. */
  witness: Record<string, unknown>;
}
