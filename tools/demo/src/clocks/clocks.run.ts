import { decodeMessage } from '@wiber/contracts';
import { readTopic } from '@wiber/evidence';
import { DemoError } from '../demo.errors.ts';
import { AHEAD, BEHIND, offsetsOf, type ClocksPlan } from './clocks.plan.ts';
import { measureOffsets, requireOffsets, type AppendedMessage } from './clock.offsets.ts';
import { withClocks, type ClocksStage, type ClocksSystem } from './clocks.system.ts';
import { actLine } from './report/act.line.ts';
import { sendsOf, type Act, type SendAct } from './talk/act.ts';
import { Diary, Person } from './talk/person.ts';
import { talk } from './talk/talk.ts';
import { ALICE, BOB, scriptOf, type Speaker } from './talk/talk.script.ts';
import { judgeClocks, type ClocksVerdict } from './truth/clocks.verdict.ts';
import { SORTS } from './truth/order.verdict.ts';
import type { ShownOrder } from './truth/page.findings.ts';

export const GATEWAY_OF: Record<Speaker, string> = { alice: AHEAD, bob: BEHIND };

/** When a message was accepted and appended: milliseconds of the clock of the run, as exact as clocks of whole milliseconds. */
export interface Moments {
  accepted: number;
  appended: number;
}

/** What one talk was, what the orders made of it, and how that was judged. */
export interface ClocksRun {
  plan: ClocksPlan;
  acts: readonly Act[];
  moments: ReadonlyMap<string, Moments>;
  /** By how many seconds the clock of each gateway was ahead of the broker's. */
  offsets: ReadonlyMap<string, number>;
  orders: readonly ShownOrder[];
  verdict: ClocksVerdict;
}

/** Starts a system with two wrong clocks, lets two people talk, reads the talk in each order, and judges. @throws DemoError */
export const runClocks = (plan: ClocksPlan, stage: ClocksStage): Promise<ClocksRun> =>
  withClocks(plan.skewS, stage, (system) => perform(plan, system, stage));

const perform = async (plan: ClocksPlan, system: ClocksSystem, { story, clock }: ClocksStage): Promise<ClocksRun> => {
  const { clients } = system;
  const diary = new Diary(() => clock.now);
  const personOf = (name: Speaker, other: Speaker) =>
    new Person({ name, other, client: clients.get(GATEWAY_OF[name])!, diary });
  const people = { alice: personOf(ALICE, BOB), bob: personOf(BOB, ALICE) };
  story.tell(`${ALICE} talks by ${AHEAD}, ${BOB} by ${BEHIND}; both read before they answer`);
  await talk(scriptOf(plan), {
    people,
    diary,
    onSent: (sent, before) => story.tell(actLine(sent, before, diary.acts)),
  });
  story.tell('reading the talk in each order at each gateway, and the log');
  const orders: ShownOrder[] = [];
  for (const sort of SORTS)
    for (const client of clients.values())
      orders.push({ gateway: client.gateway, sort, shown: await client.read([ALICE, BOB], sort) });
  const appended = await readAppended(system, sendsOf(diary.acts));
  const offsets = measureOffsets(appended);
  const asked = offsetsOf(plan.skewS);
  requireOffsets(offsets, asked);
  const moments = new Map(
    appended.map(({ gateway, message, appendedAt }) => {
      const accepted = clock.fromWall(message.timestamp - asked[gateway]! * 1000);
      return [message.messageId, { accepted, appended: clock.fromWall(appendedAt) }];
    }),
  );
  return { plan, acts: diary.acts, moments, offsets, orders, verdict: judgeClocks(diary.acts, orders) };
};

/** The broker's time of each message. A request that was repeated may have two records: the first one is stored. */
const readAppended = async ({ cluster }: ClocksSystem, sends: readonly SendAct[]): Promise<AppendedMessage[]> => {
  const times = new Map<string, number>();
  for (const { value, timestamp } of await readTopic(cluster.brokers(), cluster.topic)) {
    const decoded = decodeMessage(value);
    if (decoded.ok && !times.has(decoded.message.messageId)) times.set(decoded.message.messageId, timestamp);
  }
  return sends.map(({ by, message }) => {
    const appendedAt = times.get(message.messageId);
    if (appendedAt === undefined) throw new DemoError(`the log has no record of message ${message.messageId}`);
    return { gateway: GATEWAY_OF[by as Speaker], message, appendedAt };
  });
};
