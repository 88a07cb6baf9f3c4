import type { StoredMessage } from '@wiber/contracts';
import { activityGroupOf, activityKeyOf } from '@wiber/evidence';
import type { ReportFinding } from './findings.ts';

/** Groups that are remembered, about 100 bytes each. */
const REMEMBERED = 100_000;
/** Keys of one look-up: about 100 KB. */
const LOOKUP_SIZE = 1000;

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
  private pending = new Map<string, StoredMessage[]>();

  constructor(ports: ActivityPorts) {
    this.ports = ports;
  }

  /** Keeps messages of a group that is not remembered until `settle`. */
  add(message: StoredMessage): void {
    const group = activityGroupOf(message);
    const hiddenFrom = this.hiddenFrom.get(group);
    if (hiddenFrom) this.report(message, hiddenFrom);
    else {
      const waiting = this.pending.get(group);
      if (waiting) waiting.push(message);
      else this.pending.set(group, [message]);
    }
  }

  /** Judges all messages that were added. */
  async settle(): Promise<void> {
    if (this.pending.size === 0) return;
    const groups = [...this.pending];
    this.pending = new Map();
    for (let from = 0; from < groups.length; from += LOOKUP_SIZE / 2)
      await this.judge(groups.slice(from, from + LOOKUP_SIZE / 2));
  }

  private async judge(groups: [group: string, messages: StoredMessage[]][]): Promise<void> {
    const keys = groups.flatMap(([, [first]]) => usersOf(first!).map((user) => activityKeyOf(user, first!)));
    const missing = new Set(await this.ports.missingActivity(keys));
    for (const [group, messages] of groups) {
      const [first] = messages as [StoredMessage];
      const hiddenFrom = usersOf(first).filter((user) => missing.has(activityKeyOf(user, first)));
      if (this.hiddenFrom.size >= REMEMBERED) this.hiddenFrom.clear();
      this.hiddenFrom.set(group, hiddenFrom);
      for (const message of messages) this.report(message, hiddenFrom);
    }
  }

  private report(message: StoredMessage, hiddenFrom: readonly string[]): void {
    const { messageId, partition, offset } = message;
    for (const user of hiddenFrom) {
      const detail = `is stored, and the messages of ${user} lack it: there is no entry ${activityKeyOf(user, message)}`;
      this.ports.report({ kind: 'hidden', topic: this.ports.topic, partition, offset, messageId, detail });
    }
  }
}

/** One or two: a message to oneself has one. */
const usersOf = ({ fromUser, toUser }: StoredMessage): string[] =>
  fromUser === toUser ? [fromUser] : [fromUser, toUser];
