import type { ClockMove, TimeRange } from './clock.move.ts';
import type { LogPosition } from '@wiber/contracts';
import type { KeptTerm, LeadershipTrace, WindowFigures } from '@wiber/evidence';

/** How a send ended for its sender. `unknown`: no answer came, or the answer says that the outcome is unknown. */
export type SendOutcome =
  | { type: 'acked'; messageId: string }
  /** The status is missing when there was no connection. */
  | { type: 'refused'; code: string; status?: number }
  | { type: 'unknown'; cause: string };

/** One try: one request to send. Times are milliseconds of one clock: all sends of a run come from one process. */
export interface Send {
  id: number;
  fromUser: string;
  toUser: string;
  /** Unique in the run, except that retries under one Idempotency-Key repeat it. */
  content: string;
  idempotencyKey?: string;
  /** The gateway's instance: gateway-1, … */
  gateway?: string;
  sentAt: number;
  answeredAt: number;
  outcome: SendOutcome;
}

export type Sort = 'log' | 'timestamp';
export const SORTS: readonly Sort[] = ['log', 'timestamp'];

/** All pages of a conversation, read one after the other from its first message to its last. */
export interface Walk {
  reader: string;
  conversationId: string;
  sort: Sort;
  startedAt: number;
  messageIds: string[];
}

/** All pages of what a user sent or got, read one after the other from the newest message to the oldest. */
export interface UserWalk {
  user: string;
  messageIds: string[];
}

/** A read of one message by id, made right after a 201 said that the message is readable. */
export interface ReadAfterWrite {
  messageId: string;
  found: boolean;
  at: number;
}

/** A message in the store. Its position is that of the log record that it was stored from. */
export interface StoredRow extends LogPosition {
  messageId: string;
  conversationId: string;
  fromUser: string;
  toUser: string;
  content: string;
  timestamp: number;
}

/** A record of the log. An unreadable record has no id, no sender and no content. */
export interface LogRow extends LogPosition {
  messageId: string | undefined;
  fromUser?: string;
  content?: string;
  /** A digest of key and value. A missing key or value gives another digest than an empty one. */
  digest: string;
  /**
   * When the broker appended it, in milliseconds of the clock of the sends. Brokers give whole milliseconds. Where a fault had
   * moved the clock of a broker, the latest time that its clock may have shown so.
   */
  appendedAt: number;
}

/** A record of the dead-letter topic. The topic may hold one dead letter twice. The position is that in the log. */
export interface DeadLetterRow extends LogPosition {
  reason: string;
  /** A digest of the dead letter's own key and value, made as in LogRow. */
  digest: string;
}

/** A record that the run appended to the log without the gateway, and the dead letter that it must become. */
export interface PoisonRow {
  kind: string;
  reason: string;
  /** Unique in the run. It finds every copy of the record in the log: the producer may have appended it more than once. */
  digest: string;
  /** False when the broker's answer was lost. The record may then be missing from the log. */
  acked: boolean;
}

/** A valid message that the run appended to the log without the gateway, in a form that the gateway never writes. */
export interface ForeignRow extends Pick<PoisonRow, 'kind' | 'digest' | 'acked'> {
  messageId: string;
  /** The conversation in which it must be stored. */
  conversationId: string;
}

/** A probe of a gateway's liveness. */
export interface Probe {
  gateway: string;
  at: number;
  /** Milliseconds until the answer, or until the probe gave up. */
  ms: number;
  /** True for an answer 200 in time. */
  answered: boolean;
}

/** Whether an app that started said that a setting of the topic may lose messages. */
export interface TopicRisk {
  app: string;
  setting: string;
  told: boolean;
}

/** A time in which a gateway could not answer, because a fault had killed or paused it. */
export interface Outage {
  gateway: string;
  from: number;
  to: number;
}

/** A worker's answer that it leads a term. Times are milliseconds of the clock of the sends. */
export interface LeaderSighting {
  /** metrics-1, … */
  worker: string;
  term: number;
  askedAt: number;
  answeredAt: number;
}

/** What the metrics workers said and left in the store. */
export interface WorkersEvidence extends LeadershipTrace {
  /** How long a lease lasts from each renewal on, in milliseconds. */
  ttlMs: number;
  sightings: LeaderSighting[];
  /** The terms in the history of leaders. */
  kept: KeptTerm[];
  /** The clocks of members of the replica set that were moved, and the run: the lease has times of the primary. */
  clocks?: { moves: readonly ClockMove[]; run: TimeRange };
  windows: WindowFigures[];
  /** The same windows, counted from log and store. */
  recount: WindowFigures[];
  /** What the workers had not counted in time. Undefined when they had counted all. */
  uncounted?: string | undefined;
}

/** Everything that clients saw during a run, and everything that the run left in the log and in the store. */
export interface Observation {
  sends: Send[];
  walks: Walk[];
  /** One walk for each conversation and sort, made after all faults were healed and all records were stored. */
  finalWalks: Walk[];
  /** One walk for each user of the run, made as the final walks. */
  userWalks: UserWalk[];
  readsAfterWrite: ReadAfterWrite[];
  stored: StoredRow[];
  /** For each member of the replica set: message id to digest of the stored document. */
  members: Map<string, Map<string, string>>;
  /** For each partition, the offset of the next record. The log starts at 0. */
  logEnds: Map<number, number>;
  log: LogRow[];
  /** How far `appendedAt` may be from the clock of the sends, in milliseconds. */
  clockToleranceMs: number;
  deadLetters: DeadLetterRow[];
  /** The records of logs that an operator deleted before this one was made under the same name, oldest first. */
  earlierLogs: LogRow[][];
  poison: PoisonRow[];
  foreign: ForeignRow[];
  probes: Probe[];
  outages: Outage[];
  topicRisks: TopicRisk[];
  /** Why ingest had not committed every record in time. Undefined when it had. */
  unsettled?: string | undefined;
  /** Undefined when the run did not look at its metrics workers. */
  workers?: WorkersEvidence | undefined;
}

/** The senders and receivers of messages, each once. */
export const usersIn = (messages: readonly Pick<StoredRow, 'fromUser' | 'toUser'>[]): string[] => [
  ...new Set(messages.flatMap(({ fromUser, toUser }) => [fromUser, toUser])),
];
