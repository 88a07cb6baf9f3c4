import { setTimeout as pause } from 'node:timers/promises';
import { withLogReader } from '@wiber/evidence';
import { AppMetrics, HostileClients, eventually, type HostilePlan } from '@wiber/harness';
import type { SendOutcome } from '../checker/observation.ts';
import { readLogRows } from '../evidence/log.rows.ts';
import { Random } from '../random.ts';
import { usersOf } from '../workload/workload.ts';
import { ClockRemote } from '../nemesis/clocks/clock.remote.ts';
import type { ScenarioContext } from './scenario.context.ts';

/** Sets the wall clock of an app: gateway-1, ingest-1, … */
export const clockOf = ({ hookFolder }: ScenarioContext, instance: string): ClockRemote =>
  new ClockRemote(hookFolder, instance);

export interface AttackTimes {
  /** How long the clients attack, in milliseconds. */
  forMs: number;
  /** How long liveness is probed afterwards, in milliseconds. */
  thenMs: number;
}

/** Lets hostile clients attack the first gateway, and probes its liveness meanwhile and some time after. */
export const attack = async (
  { recorder }: ScenarioContext,
  plan: HostilePlan,
  { forMs, thenMs }: AttackTimes,
): Promise<void> => {
  const gateway = 'gateway-1';
  const probe = recorder.probeLiveness(gateway);
  const random = new Random(1);
  const clients = new HostileClients(recorder.urlOf(gateway), plan, {
    whole: (from, to) => random.whole(from, to),
    conversation: () => usersOf(0),
  });
  await pause(forMs);
  await clients.stop();
  await pause(thenMs);
  await probe.stop();
};

/** Deletes the topic and makes it anew, as an operator would. The checker learns what it held. */
export const remakeTopic = async (context: ScenarioContext): Promise<void> => {
  const { subject, recorder, earlierLogs } = context;
  const { log } = await withLogReader(subject.kafka, (reader) =>
    readLogRows(reader, subject.topic, (wallMs) => recorder.fromWall(wallMs)),
  );
  earlierLogs.push(log);
  await context.topic().remake();
};

/** Another conversation in the partition of this one. */
export const neighbourOf = async (context: ScenarioContext, conversation: number): Promise<number> => {
  const partition = await context.partitionOf(conversation);
  for (let other = conversation + 1; ; other += 1) if ((await context.partitionOf(other)) === partition) return other;
};

/** Starts a send, and resolves once the gateway has its record in hand. The answer comes later. */
export const sendInFlight = async (
  context: ScenarioContext,
  conversation: number,
): Promise<{ answer: Promise<SendOutcome> }> => {
  const answer = context.send(conversation);
  await eventually(async () => {
    if ((await context.laneDepth()) === 0) throw new Error('the gateway does not have the message yet');
  });
  return { answer };
};

/** Stops an app in order, starts it, and resolves once it is ready. */
export const restart = async (context: ScenarioContext, app: string): Promise<void> => {
  await context.tell('stop', app);
  await context.tell('start', app);
  await eventually(
    async () => {
      const answer = await fetch(`${context.urlOf(app)}/health/readiness`);
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`${app} is not ready`);
    },
    { within: 60_000 },
  );
};

/** How long an app that has started may take to look at its topic. */
const TOLD_WITHIN_MS = 10_000;

/** Records for the checker whether an app shows that a setting of the topic may lose messages. */
export const recordTopicRisk = async (context: ScenarioContext, app: string, setting: string): Promise<void> => {
  const requireTold = async (): Promise<boolean> => {
    const metrics = await AppMetrics.read(context.urlOf(app));
    const shown = metrics.sum('wiber_topic_settings_unsafe', { labels: { setting }, orZero: true });
    if (shown === 0) throw new Error(`${app} does not show ${setting}`);
    return true;
  };
  const told = await eventually(requireTold, { within: TOLD_WITHIN_MS }).catch(() => false);
  context.topicRisks.push({ app, setting, told });
};
