/** The promises that a run is checked for, by code. The codes are stable: docs/guarantees.md names them. */
export const INVARIANTS = {
  'acked-exactly-once': 'every acknowledged message is stored exactly once',
  'read-back-exactly-once':
    'after the run, reading a conversation to its end in either sort returns each stored message once and in order',
  'user-pages-whole':
    'after the run, reading what a user sent or got to its end returns each stored message once, newest first',
  'refused-never-stored': 'no refused message is stored',
  'refused-never-logged':
    'no record of the log is the work of a refused send: each was appended after the start of a send that was acknowledged or has an unknown outcome',
  'unknown-at-most-once': 'a message of unknown outcome is stored at most once',
  'no-duplicate': 'no message id, no log record, and no pair of sender and Idempotency-Key is stored twice',
  'one-order':
    'all readers see a conversation in the same order; with sort=log it is the order of the partition, without a gap',
  'real-time-order': 'a message that was acknowledged before another was sent comes before it in the log',
  'read-your-writes': 'a message that a 201 says is readable is found',
  'monotonic-pages':
    'a later read of a conversation has everything that an earlier one had; with sort=log new messages come only at the end',
  'answered-in-time': 'each send is answered in 20 s, unless its gateway was killed or paused meanwhile',
  'liveness-answers': 'each probe of liveness is answered in 5 s, whatever clients do',
  settles: 'once all faults are healed, ingest commits every record of the log in time',
  'unsafe-topic-told': 'an app that starts on a topic whose settings may lose messages refuses to start or says so',
  'members-equal': 'all members of the replica set hold the same documents',
  'offsets-covered':
    'each record of the log is exactly one of: stored, a repetition of a stored message, a dead letter',
  'dead-letter-intact': 'a dead letter has the key and the value of its record, byte for byte',
  'poison-dead-lettered': 'each poison record is a dead letter with the right reason',
  'only-poison-dead-lettered': 'no other record is a dead letter',
  'foreign-stored':
    'each valid record of another producer is stored once, in the conversation of its names, whatever its headers and key',
  'one-effective-leader':
    'terms of the metrics workers only grow, each has one holder, no lease is taken from a holder within one ttl, and no worker leads or changes figures after a higher term',
  'windows-equal-recount': 'each window of the figures equals a recount of the log and the store, bit for bit',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  invariant: Invariant;
  description: string;
  /** The smallest set of rows that shows the violation. */
  witness: Record<string, unknown>;
}
