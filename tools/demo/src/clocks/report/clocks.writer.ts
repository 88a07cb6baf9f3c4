import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AHEAD, BEHIND } from '../clocks.plan.ts';
import type { ClocksRun } from '../clocks.run.ts';
import { sendsOf } from '../talk/act.ts';
import { tallyOf } from '../truth/order.verdict.ts';
import { orderWord } from './clocks.text.ts';
import { signedSeconds } from './signed.seconds.ts';
import { spaceTimeOf } from './space-time.layout.ts';
import { spaceTimePicture } from './space-time.picture.ts';

const offsetNote = (offsets: ClocksRun['offsets'], gateway: string): string =>
  `clock ${signedSeconds(offsets.get(gateway) ?? 0, 0)}`;

const titleOf = ({ plan }: ClocksRun): string =>
  `Alice and Bob talk by two gateways whose clocks differ by ${plan.skewS.toLocaleString('en')} s`;

const subtitleOf = ({ verdict }: ClocksRun): string => {
  const { answers = 0 } = verdict.orders[0] ?? {};
  const counts = verdict.orders.map(({ sort, invertedAnswers }) => `${invertedAnswers} by ${sort}`);
  return `Of ${answers} answers, so many stand before what they answer: ${counts.join(', ')}`;
};

const descriptionOf = (run: ClocksRun): string => {
  const sends = sendsOf(run.acts);
  return (
    `A space-time diagram with five lines: Alice, her gateway ${AHEAD} (${offsetNote(run.offsets, AHEAD)}), the partition of the ` +
    `log, Bob's gateway ${BEHIND} (${offsetNote(run.offsets, BEHIND)}), and Bob. ${sends.length} messages go from their sender ` +
    'over the gateway to the log, and from there over the other gateway to the other person. ' +
    `Lamport times grow along each arrow, from ${sends[0]?.message.lamport} to ${sends.at(-1)?.message.lamport}. ` +
    `Red ways lead from a message to an answer whose timestamp is smaller. ${subtitleOf(run)}.`
  );
};

/** The picture of a talk. */
export const clocksPicture = (run: ClocksRun): string => {
  const partition = sendsOf(run.acts).find(({ place }) => place)?.place?.partition ?? '?';
  return spaceTimePicture({
    title: titleOf(run),
    subtitle: subtitleOf(run),
    description: descriptionOf(run),
    notes: {
      [AHEAD]: offsetNote(run.offsets, AHEAD),
      [BEHIND]: offsetNote(run.offsets, BEHIND),
      log: `partition ${partition}`,
    },
    spaceTime: spaceTimeOf(run),
  });
};

/** What was sent, seen and judged, for programs. `accepted` and `appended` are milliseconds since the start. */
export const clocksResult = ({ plan, acts, moments, offsets, orders, verdict }: ClocksRun): object => ({
  ...plan,
  held: verdict.held,
  findings: verdict.findings,
  clockOffsetsS: Object.fromEntries(offsets),
  causalPairs: verdict.causal,
  concurrentPairs: verdict.concurrent,
  orders: verdict.orders.map((order) => ({
    ...tallyOf(order),
    verdict: orderWord(tallyOf(order)),
    inverted: order.inversions,
    messageIds: (orders.find(({ sort }) => sort === order.sort)?.shown ?? []).map(({ messageId }) => messageId),
  })),
  messages: sendsOf(acts).map(({ by, message, place }) => ({
    ...message,
    ...place,
    by,
    ...moments.get(message.messageId),
    answers: verdict.pasts.get(message.messageId)?.answered ?? [],
  })),
});

/** Removes what an earlier run has written: a run that shows nothing must not seem to have results. */
export const removeFiles = (out: string, names: readonly string[]): void => {
  for (const name of names) rmSync(join(out, name), { force: true });
};

/** @returns the paths of the files */
export const writeFiles = (out: string, files: Readonly<Record<string, string>>): string[] =>
  Object.entries(files).map(([name, text]) => {
    writeFileSync(join(out, name), text);
    return join(out, name);
  });

export const jsonOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
