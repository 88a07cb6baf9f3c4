import type { StoredMessage } from '@wiber/contracts';
import { activityGroupOf, activityKeyOf } from '@wiber/evidence';
import type { ReportFinding } from './findings.ts';

/** Groups that are remembered, about 100 bytes each. */
const REMEMBERED = 100_000;
/** Groups of one look-up, each with at most two keys: about 100 KB. */
const LOOKUP_GROUPS = 500;
/** Messages that may wait for a look-up, about 500 bytes each. */
const WAITING_MAX = 10_000;

type JudgedMessage = Omit<StoredMessage, 'content' | 'lamport' | 'storedAt'>;

export interface ActivityPorts {
  topic: string;
  /** Those of the keys that the index of activity does not have. */
  missingActivity: (keys: string[]) => Promise<string[]>;
  report: ReportFinding;
}

/**
 * Judges whether the users of a stored message find it: GET /users/{user}/messages reads only conversations and hours that
 * the index of activity names. The messages of a conversation and an hour are one group: they share their entries, so
 * MongoDB is asked once for a group that is remembered.
 */
export class ActivityJudge {
  private readonly ports: ActivityPorts;
  /** By group: the users whose entry is missing. */
  private readonly hiddenFrom = new Map<string, readonly string[]>();
  private pending = new Map<string, JudgedMessage[]>();
  private waiting = 0;

  constructor(ports: ActivityPorts) {
    this.ports = ports;
  }

  /** Keeps messages of a group that is not remembered until `settle`. */
  add(stored: StoredMessage): void {
    const group = activityGroupOf(stored);
    const hiddenFrom = this.hiddenFrom.get(group);
    if (hiddenFrom) return this.report(stored, hiddenFrom);
    // Not the whole message: its content may be large.
    const { messageId, fromUser, toUser, conversationId, timestamp, partition, offset } = stored;
    const message = { messageId, fromUser, toUser, conversationId, timestamp, partition, offset };
    const others = this.pending.get(group);
    if (others) others.push(message);
    else this.pending.set(group, [message]);
    this.waiting += 1;
  }

  /** Whether enough messages wait for a look-up of the largest size, or too many for the memory. */
  get isFull(): boolean {
    return this.pending.size >= LOOKUP_GROUPS || this.waiting >= WAITING_MAX;
  }

  /** Judges all messages that were added. */
  async settle(): Promise<void> {
    if (this.pending.size === 0) return;
    const groups = [...this.pending];
    this.pending = new Map();
    this.waiting = 0;
    for (let from = 0; from < groups.length; from += LOOKUP_GROUPS)
      await this.judge(groups.slice(from, from + LOOKUP_GROUPS));
  }

  private async judge(groups: [group: string, messages: JudgedMessage[]][]): Promise<void> {
    const keys = groups.flatMap(([, [first]]) => usersOf(first!).map((user) => activityKeyOf(user, first!)));
    const missing = new Set(await this.ports.missingActivity(keys));
    for (const [group, messages] of groups) {
      const [first] = messages as [JudgedMessage];
      const hiddenFrom = usersOf(first).filter((user) => missing.has(activityKeyOf(user, first)));
      if (this.hiddenFrom.size >= REMEMBERED) this.hiddenFrom.clear();
      this.hiddenFrom.set(group, hiddenFrom);
      for (const message of messages) this.report(message, hiddenFrom);
    }
  }

  private report(message: JudgedMessage, hiddenFrom: readonly string[]): void {
    const { messageId, partition, offset } = message;
    for (const user of hiddenFrom) {
      const detail = `is stored, and the messages of ${user} lack it: there is no entry ${activityKeyOf(user, message)}`;
      this.ports.report({ kind: 'hidden', topic: this.ports.topic, partition, offset, messageId, detail });
    }
  }
}

/** One or two: a message to oneself has one. */
const usersOf = ({ fromUser, toUser }: JudgedMessage): string[] =>
  fromUser === toUser ? [fromUser] : [fromUser, toUser];
