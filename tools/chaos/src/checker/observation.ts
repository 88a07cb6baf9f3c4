/** How a send ended for the one who sent. `unknown`: no answer, or one that says that the outcome is not known. */
export type SendOutcome =
  { type: 'acked'; messageId: string } | { type: 'refused'; code: string } | { type: 'unknown'; cause: string };

/** One request to send. Times are milliseconds of one clock, that of the process that sent all of them. */
export interface Send {
  id: number;
  fromUser: string;
  toUser: string;
  /** Unique over the run, except for a repeated request under one Idempotency-Key. */
  content: string;
  idempotencyKey?: string;
  sentAt: number;
  answeredAt: number;
  outcome: SendOutcome;
}

export type Sort = 'log' | 'timestamp';
export const SORTS: readonly Sort[] = ['log', 'timestamp'];

/** A conversation read page by page from its start to its end, as of then. */
export interface Walk {
  reader: string;
  conversationId: string;
  sort: Sort;
  startedAt: number;
  messageIds: string[];
}

/** A read of a message right after a 201 said that it is readable. */
export interface ReadAfterWrite {
  messageId: string;
  found: boolean;
  at: number;
}

export interface StoredRow {
  messageId: string;
  conversationId: string;
  fromUser: string;
  content: string;
  timestamp: number;
  partition: number;
  offset: number;
}

/** A record of the log; one that can't be read has no id and no body. */
export interface LogRow {
  partition: number;
  offset: number;
  messageId: string | undefined;
  fromUser?: string;
  content?: string;
  /** Of key and value together, so that one that has none differs from one that is empty. */
  digest: string;
}

/** A record of the dead-letter topic, which may hold one dead letter twice. */
export interface DeadLetterRow {
  /** Where the record was in the log. */
  partition: number;
  offset: number;
  reason: string;
  /** Of its own key and value, as in LogRow. */
  digest: string;
}

/** A record that was appended past every check, and what it must be a dead letter for. */
export interface PoisonRow {
  kind: string;
  reason: string;
  /** Unique over the run: it finds the record in the log, wherever it ended and however often. */
  digest: string;
  /** False when the broker's answer was lost: it may not be in the log. */
  acked: boolean;
}

/** All that a run saw, and all that it left. */
export interface Observation {
  sends: Send[];
  walks: Walk[];
  /** Each conversation in either sort, when all was quiet. */
  finalWalks: Walk[];
  readsAfterWrite: ReadAfterWrite[];
  stored: StoredRow[];
  /** Of each member of the replica set, a digest of each message by its id. */
  members: Map<string, Map<string, string>>;
  /** The next offset to be written, by partition; the log starts at 0. */
  logEnds: Map<number, number>;
  log: LogRow[];
  deadLetters: DeadLetterRow[];
  poison: PoisonRow[];
}
