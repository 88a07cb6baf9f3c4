import type { DeadLetterReason } from './dead-letter.ts';

/** What can happen to a message, in the order in which it happens. */
export const TRACE_STEPS = ['accepted', 'logged', 'stored', 'dead_lettered', 'replayed', 'discarded'] as const;
export type TraceStepKind = (typeof TRACE_STEPS)[number];

/** Whose clock gave a time. Times of different clocks can't be compared to the millisecond (docs/ordering.md). */
export type TraceClock = 'gateway' | 'broker' | 'ingest' | 'store' | 'operator';

export interface TraceStep {
  step: TraceStepKind;
  /** Milliseconds since the epoch. Absent where no stored fact has it. */
  at?: number;
  clock: TraceClock;
  /** The process that did it. Absent where no stored fact has it. */
  instance?: string;
  partition?: number;
  offset?: number;
  lamport?: number;
  /** Of a dead letter. */
  reason?: DeadLetterReason;
  error?: string;
  attempts?: number;
  deadLetterId?: string;
  /** Of a replay or a discard: the operator's name and note, if given. */
  operator?: string;
  note?: string;
}

/** `pending`: in the log, and ingest has not come to it yet. */
export type TraceState = 'pending' | 'stored' | 'dead_lettered' | 'replayed' | 'discarded';

/** The data of GET /messages/{messageId}/trace: what happened to one message, by stored facts alone. */
export interface MessageTrace {
  messageId: string;
  state: TraceState;
  conversationId?: string;
  /** W3C trace id of the request that sent it, if it had one. */
  traceId?: string;
  correlationId?: string;
  /** Oldest first, by the log: a later step never comes before the one that caused it. */
  steps: TraceStep[];
}
