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

/** A conversation read page by page from its start to its end, as of then. */
export interface Walk {
  reader: string;
  conversationId: string;
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
  partition: number;
  offset: number;
}

/** A record of the log; one that can't be read has no id. */
export interface LogRow {
  partition: number;
  offset: number;
  messageId: string | undefined;
}

export interface DeadLetterRow {
  partition: number;
  offset: number;
  reason: string;
}

/** All that a run saw, and all that it left. */
export interface Observation {
  sends: Send[];
  walks: Walk[];
  readsAfterWrite: ReadAfterWrite[];
  stored: StoredRow[];
  /** Of each member of the replica set, a digest of each message by its id. */
  members: Map<string, Map<string, string>>;
  /** The next offset to be written, by partition; the log starts at 0. */
  logEnds: Map<number, number>;
  log: LogRow[];
  deadLetters: DeadLetterRow[];
}
