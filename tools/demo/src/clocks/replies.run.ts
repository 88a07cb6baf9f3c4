import { eventually } from '@wiber/harness';
import { DemoError } from '../demo.errors.ts';
import { AHEAD, BEHIND } from './clocks.plan.ts';
import { withClocks, type ClocksStage, type ClocksSystem } from './clocks.system.ts';
import { sendsOf } from './talk/act.ts';
import type { Users } from './talk/conversation.client.ts';
import { Diary, Person } from './talk/person.ts';
import { judgeClocks, type ClocksVerdict } from './truth/clocks.verdict.ts';
import { SORTS, tallyOf, type OrderTally } from './truth/order.verdict.ts';
import type { ShownOrder } from './truth/page.findings.ts';

export interface RepliesPlan {
  skewS: number;
  replies: number;
}

export interface RepliesResult extends RepliesPlan {
  conversations: number;
  /** From the first message to the last reply, in seconds. */
  seconds: number;
  orders: OrderTally[];
  findings: string[];
  held: boolean;
}

/** A conversation is judged by all its pairs, so its length is bounded. */
const REPLIES_EACH = 200;
const AT_ONCE = 50;
const STORED_WITHIN_MS = 30_000;
/** A run that takes longer shows nothing. */
const RUN_WITHIN_MS = 20 * 60_000;
const TELL_EVERY_MS = 5000;

/** How many replies each conversation has. */
export const sharesOf = (replies: number): number[] => {
  const conversations = Math.ceil(replies / REPLIES_EACH);
  return Array.from({ length: conversations }, (_, index) => Math.floor((replies + index) / conversations));
};

/** The sums of the verdicts of several conversations. */
export const addVerdict = (sums: readonly OrderTally[], { orders }: Pick<ClocksVerdict, 'orders'>): OrderTally[] =>
  sums.map((sum) => {
    const order = orders.find(({ sort }) => sort === sum.sort);
    if (!order) return sum;
    const more = tallyOf(order);
    return {
      ...{ sort: sum.sort, pairs: sum.pairs + more.pairs, inversions: sum.inversions + more.inversions },
      ...{ answers: sum.answers + more.answers, invertedAnswers: sum.invertedAnswers + more.invertedAnswers },
      ties: sum.ties + more.ties,
    };
  });

const NONE = { pairs: 0, inversions: 0, answers: 0, invertedAnswers: 0, ties: 0 };

/** Many conversations at once: each reply is sent after its sender has read what it answers. @throws DemoError */
export const runReplies = (plan: RepliesPlan, stage: ClocksStage): Promise<RepliesResult> =>
  withClocks(plan.skewS, stage, (system) => perform(plan, system, stage));

const perform = async (plan: RepliesPlan, system: ClocksSystem, stage: ClocksStage): Promise<RepliesResult> => {
  const { story, clock, signal } = stage;
  const shares = sharesOf(plan.replies);
  const waiting = shares.map((replies, index) => ({ replies, index }));
  const startedAt = clock.now;
  const total = { replies: 0, toldAt: startedAt, orders: SORTS.map((sort): OrderTally => ({ sort, ...NONE })) };
  const findings: string[] = [];
  story.tell(`${plan.replies.toLocaleString('en')} replies in ${shares.length} conversations, ${AT_ONCE} at once`);

  const onReply = (): void => {
    signal.throwIfAborted();
    const { now } = clock;
    if (now - startedAt > RUN_WITHIN_MS)
      throw new DemoError(`only ${total.replies} of ${plan.replies} replies within ${RUN_WITHIN_MS / 60_000} minutes`);
    total.replies += 1;
    if (now - total.toldAt < TELL_EVERY_MS) return;
    total.toldAt = now;
    story.tell(`${total.replies.toLocaleString('en')} replies`);
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const verdict = await converse(next, { system, clock, onReply });
      total.orders = addVerdict(total.orders, verdict);
      findings.push(...verdict.findings.map((finding) => `conversation ${next!.index + 1}: ${finding}`));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, shares.length) }, work));
  const seconds = (clock.now - startedAt) / 1000;
  const held = findings.length === 0;
  return { ...plan, conversations: shares.length, seconds, orders: total.orders, findings, held };
};

interface Setting {
  system: ClocksSystem;
  clock: ClocksStage['clock'];
  onReply: () => void;
}

/** One conversation: the two reply in turn, each at a gateway of their own. */
const converse = async (
  { replies, index }: { replies: number; index: number },
  { system, clock, onReply }: Setting,
): Promise<ClocksVerdict> => {
  const users: Users = [`alice-${index + 1}`, `bob-${index + 1}`];
  const diary = new Diary(() => clock.now);
  const clients = [AHEAD, BEHIND].map((name) => system.clients.get(name)!);
  const people = users.map(
    (name, side) => new Person({ name, other: users[1 - side]!, client: clients[side]!, diary }),
  );
  let last = await people[0]!.send('Are you there?');
  for (let reply = 1; reply <= replies; reply += 1) {
    const person = people[reply % 2]!;
    await person.readOne(last.message.messageId);
    last = await person.send(`Reply ${reply}`);
    onReply();
  }
  // One message more than replies. Any gateway shows the same; they take turns here.
  const reader = clients[index % clients.length]!;
  const sent = sendsOf(diary.acts).length;
  await eventually(
    async () => {
      const shown = await reader.read(users, 'log');
      if (shown.length < sent)
        throw new Error(`${shown.length} of ${sent} messages of ${users.join(' and ')} are stored`);
    },
    { within: STORED_WITHIN_MS },
  );
  const orders: ShownOrder[] = [];
  for (const sort of SORTS) orders.push({ gateway: reader.gateway, sort, shown: await reader.read(users, sort) });
  return judgeClocks(diary.acts, orders);
};
