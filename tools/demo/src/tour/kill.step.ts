import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@wiber/harness';
import type { Demonstration } from '../demonstrations/demonstration.ts';
import { killAndWatch, type Failover } from '../failover.watch.ts';
import type { Send } from '../traffic/send.ts';
import { longestGap } from '../verdict/gaps.ts';
import { tallyOf } from '../verdict/verdict.ts';
import type { TourStep } from './tour.step.ts';
import { secondsText, sinceText, tallyText } from './tour.text.ts';

/** A step that kills one process under load and starts it again. */
export const killStep = (
  demonstration: Demonstration,
  { title, before }: { title: string; before: readonly string[] },
): TourStep => ({
  title,
  before: () => before,
  run: async (scene, stage) => {
    const aim = await eventually(() => demonstration.aim(scene));
    const failover = await killAndWatch(demonstration, aim, { scene, stage });
    await pause(stage.plan.steadyMs.after, undefined, { signal: stage.signal });
    const now = stage.clock.now;
    return {
      happened: happenedLines(aim.target, { failover, sends: scene.traffic.sends, now }),
      findings: failover.findings,
    };
  },
});

const happenedLines = (
  target: string,
  { failover, sends, now }: { failover: Failover; sends: readonly Send[]; now: number },
): string[] => {
  const { killedAt, takenOverAt, wholeAt } = failover.moments;
  const meanwhile = sends.filter(({ answeredAt, sentAt }) => answeredAt >= killedAt && sentAt <= (wholeAt ?? now));
  const accepted = meanwhile.flatMap(({ outcome, answeredAt }) =>
    outcome.type === 'acknowledged' ? [answeredAt] : [],
  );
  return [
    `${target} was killed. Another had taken over after ${sinceText(killedAt, takenOverAt)}; all was whole again, with ${target} back, after ${sinceText(killedAt, wholeAt)}.`,
    `Meanwhile: ${tallyText(tallyOf(meanwhile))}`,
    `The longest time without an acknowledged send was ${secondsText(longestGap(accepted, { from: killedAt, to: now }).ms)}.`,
  ];
};
