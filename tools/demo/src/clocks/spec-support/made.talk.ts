import type { Message } from '@wiber/contracts';
import { AHEAD, BEHIND } from '../clocks.plan.ts';
import type { ClocksRun } from '../clocks.run.ts';
import type { Act } from '../talk/act.ts';
import { judgeClocks } from '../truth/clocks.verdict.ts';
import { SORTS, type Sort } from '../truth/order.verdict.ts';

/** A talk that never was: each act is 10 ms after the one before it. */
export class MadeTalk {
  readonly acts: Act[] = [];
  readonly moments = new Map<string, { accepted: number; appended: number }>();
  private at = 0;
  private offset = 0;

  /** @returns the id, which is the content */
  send(by: string, messageId: string, { timestamp = 0, lamport = 0 } = {}): string {
    const [from, to] = [this.at, this.at + 8];
    const toUser = by === 'alice' ? 'bob' : 'alice';
    const message: Message = { messageId, fromUser: by, toUser, content: messageId, timestamp, lamport };
    this.acts.push({ type: 'send', by, message, place: { partition: 3, offset: this.offset++ }, from, to });
    this.moments.set(messageId, { accepted: from + 2, appended: from + 4 });
    this.at += 10;
    return messageId;
  }

  read(by: string, ...seen: string[]): void {
    this.acts.push({ type: 'read', by, seen, from: this.at, to: this.at + 8 });
    this.at += 10;
  }

  /** The messages, sorted as the gateway does. */
  shown(sort: Sort): Message[] {
    const messages = this.acts.flatMap((act) => (act.type === 'send' ? [act.message] : []));
    if (sort === 'log') return messages;
    return messages.toSorted((a, b) => a[sort] - b[sort] || (a.messageId < b.messageId ? -1 : 1));
  }

  /** The run of this talk, as the gateways would show it. */
  run(): ClocksRun {
    const orders = SORTS.flatMap((sort) =>
      [AHEAD, BEHIND].map((gateway) => ({ gateway, sort, shown: this.shown(sort) })),
    );
    return {
      ...{ plan: { skewS: 3600, seed: 1, messages: this.offset }, acts: this.acts, moments: this.moments, orders },
      offsets: new Map([
        [AHEAD, 1800],
        [BEHIND, -1800],
      ]),
      verdict: judgeClocks(this.acts, orders),
    };
  }
}

/** Alice asks by a clock that is ahead, Bob answers by one that is behind, and Alice answers that. */
export const questionAndAnswer = (): MadeTalk => {
  const made = new MadeTalk();
  made.send('alice', 'Lunch?', { timestamp: 1_800_000, lamport: 1 });
  made.read('bob', 'Lunch?');
  made.send('bob', 'At one.', { timestamp: 100, lamport: 2 });
  made.read('alice', 'At one.');
  made.send('alice', 'Fine.', { timestamp: 1_800_200, lamport: 3 });
  return made;
};
