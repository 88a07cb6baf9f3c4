import type { ListedReason } from './dead-letter.ts';

/** What can happen to a message, in the order in which it happens. */
export const TRACE_STEPS = ['accepted', 'logged', 'taken', 'stored', 'dead_lettered', 'replayed', 'discarded'] as const;
export type TraceStepKind = (typeof TRACE_STEPS)[number];

/**
 * Whose clock gave a time. Times of different clocks can't be compared to the millisecond (docs/ordering.md). What an operator
 * did has the time of the gateway that did it.
 */
export const TRACE_CLOCKS = ['gateway', 'broker', 'ingest'] as const;
export type TraceClock = (typeof TRACE_CLOCKS)[number];

export interface TraceStep {
  step: TraceStepKind;
  /** Milliseconds since the epoch. Absent where no stored fact has it. */
  at?: number;
  clock: TraceClock;
  /** The process that did it. Absent where no stored fact has it. */
  instance?: string;
  /** The place in the log: of a dead letter in the topic of dead letters, of all else in that of messages. */
  partition?: number;
  offset?: number;
  lamport?: number;
  /** The id of the message, where it is not that of the trace: a replay may send a message under a new id. */
  messageId?: string;
  /** Of a dead letter. The error only for operators. */
  reason?: ListedReason;
  error?: string;
  attempts?: number;
  deadLetterId?: string;
  /** Of a replay or a discard: the operator's name and note, if given. Only for operators. */
  operator?: string;
  note?: string;
}

/**
 * pending: in the log, and ingest has not come to it yet. dead_lettered: it waits for an operator. replayed: an operator sent
 * it again, and under this id it is not stored. A message that was replayed and is stored since is `stored`.
 */
export const TRACE_STATES = ['pending', 'stored', 'dead_lettered', 'replayed', 'discarded'] as const;
export type TraceState = (typeof TRACE_STATES)[number];

/** The data of GET /messages/{messageId}/trace: what happened to one message, by stored facts alone. */
export interface MessageTrace {
  messageId: string;
  state: TraceState;
  conversationId?: string;
  /** W3C trace id of the request that sent it, if it had one. */
  traceId?: string;
  correlationId?: string;
  /** True when Kafka did not say in time what the log has: its facts are missing then. Ask again. */
  isLogUnread?: boolean;
  /** Oldest first, by the log: a later step never comes before the one that caused it. */
  steps: TraceStep[];
}
