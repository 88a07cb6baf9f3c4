import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@wiber/harness';
import type { Aim, Demonstration, Scene } from './demonstrations/demonstration.ts';
import type { FailoverPlan } from './failover.plan.ts';
import type { Story } from './report/story.ts';
import type { RunClock } from './run.clock.ts';
import type { Finding, FindingKind } from './verdict/finding.ts';
import type { Moments } from './verdict/verdict.ts';
import { requireWhole } from './whole.ts';

export interface Stage {
  clock: RunClock;
  story: Story;
  /** Ends the run: it rejects with the reason of the signal. */
  signal: AbortSignal;
  plan: FailoverPlan;
}

const WITHIN_MS = { takeover: 60_000, whole: 180_000 };

export interface Failover {
  moments: Omit<Moments, 'endedAt'>;
  findings: Finding[];
}

/** Kills the process, waits for the takeover, starts the process again, and waits until all is whole. */
export const killAndWatch = async (
  { what, rule }: Demonstration,
  { target, before, takenOver, after }: Aim,
  { scene: { cluster }, stage: { story, clock, signal, plan } }: { scene: Scene; stage: Stage },
): Promise<Failover> => {
  story.tellAll(before.map((line) => `before: ${line}`));
  story.tell(`the rule: ${rule}`);
  const pid = cluster.pidOf(target);
  const killedAt = clock.now;
  await cluster.kill(target);
  story.tellKill(`kill -9 ${target} (pid ${pid}), ${what}; it stays down until another takes over`, killedAt);

  let takenOverAt: number | undefined;
  const missing = await findingUnless(
    'not taken over',
    async () => {
      const lines = await takenOver(killedAt);
      takenOverAt = clock.now;
      story.tellAll(lines, 'good');
    },
    WITHIN_MS.takeover,
  );
  for (const { detail } of missing) story.tell(`nobody has taken over: ${detail}`, 'bad');
  await pause(plan.steadyMs.down, undefined, { signal });

  await cluster.launch(target);
  story.tell(`${target} is started again`);
  let wholeAt: number | undefined;
  const broken = await findingUnless(
    'not whole',
    async () => {
      const whole = await requireWhole(cluster).catch(tellAndThrow(story));
      wholeAt = clock.now;
      story.tell(`whole again: ${whole}`, 'good');
    },
    WITHIN_MS.whole,
  );
  for (const { detail } of broken) story.tell(`not whole again: ${detail}`, 'bad');
  story.tellAll((await after().catch(({ message }: Error) => [message])).map((line) => `after: ${line}`));
  return { moments: { killedAt, takenOverAt, wholeAt }, findings: [...missing, ...broken] };
};

/** Tells why an attempt failed, and rejects as it did. */
export const tellAndThrow =
  (story: Story) =>
  (error: Error): never => {
    story.tellWait(error.message);
    throw error;
  };

/** A failure that lasts is a finding. */
export const findingUnless = (kind: FindingKind, attempt: () => Promise<void>, within: number): Promise<Finding[]> =>
  eventually(attempt, { within }).then(
    () => [],
    ({ message }: Error) => [{ kind, detail: message }],
  );
